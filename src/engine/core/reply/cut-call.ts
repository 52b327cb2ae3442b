import { ReplyRefusal } from './reply-outcome.ts'

const OPENING = /<([a-z_][\w-]{0,60})(?:[=\s][^<>]{0,400})?>/gi
const HALF_TAG = /<\/?(?:[a-z_][\w-]{0,60}(?:[=\s][^<>]{0,400})?)?$/i
const HALF_VALUE = /[{[]\s*(?:["'][^"'\n]{0,60}["']?)?\s*$/

/** Refuses a reply that ends in the middle of a further call. `rest`: what stands after its last complete one. */
export function refuseCutCall(rest: string): void {
  const opened = [...rest.matchAll(OPENING)].some(({ 1: name = '', index }) => !rest.includes(`</${name}>`, index))
  if (opened || HALF_TAG.test(rest) || HALF_VALUE.test(rest))
    throw new ReplyRefusal('truncated', 'The reply stops at the beginning of another call; send it whole.')
}
