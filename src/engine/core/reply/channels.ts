import { ReplyRefusal } from './reply-outcome.ts'

/** What a model says in one channel: `<|channel|>NAME …<|message|>TEXT`, up to the mark that ends or follows it. */
const CHANNEL = /<\|channel\|>([^<|]{0,200})(?:<\|constrain\|>[^<|]{0,60})?<\|message\|>/g
const CHANNEL_END = /<\|(?:end|call|return)\|>|<\|start\|>|<\|channel\|>/
/** Marks that some models print around their thoughts. */
const THOUGHT_MARKS =
  /<\|begin_of_thought\|>[\s\S]*?(?:<\|end_of_thought\|>|$)|\u25c1think\u25b7[\s\S]*?(?:\u25c1\/think\u25b7|$)/g
/** A text in quotes on one line, or a special token of a chat template, in bars of either width. */
const QUOTED_OR_TOKEN = /("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|`[^`\n]*`)|<[|\uff5c][\w\u2581 .:/-]{1,60}[|\uff5c]>|<\/s>/g

/**
 * The text without special tokens, and without what is said in channels that nobody is meant to act on. A token in quotes is
 * code; every other one parts what stands around it.
 */
export function withoutChannels(text: string): string {
  if (!/<[|\uff5c]|<\/s>|\u25c1/.test(text)) return text
  return spoken(text.replace(THOUGHT_MARKS, ''))
    .replace(QUOTED_OR_TOKEN, (_, quoted: string | undefined) => quoted ?? '\n')
    .replace(/^\n+/, '')
}

/** The final channel and the calls; the whole text if it has no channels. */
function spoken(text: string): string {
  const heads = [...text.matchAll(CHANNEL)]
  if (heads.length === 0) return text
  const said = heads.map(({ 0: head, 1: name = '', index }) => {
    const rest = text.slice(index + head.length)
    const end = rest.search(CHANNEL_END)
    return { name: name.trim(), text: end < 0 ? rest : rest.slice(0, end) }
  })
  const meant = said.filter(({ name }) => /^final\b|\bto=/.test(name))
  if (meant.length === 0)
    throw new ReplyRefusal('truncated', 'The reply holds only thinking and no answer; answer with a diff.')
  return meant.map((one) => one.text).join('\n')
}
