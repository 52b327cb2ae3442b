import { around, cut } from './lines.ts'
import type { Suspicious } from './rank.ts'

/** In lines: functions that are not shown whole, and what is shown around a line of those. */
export const LONG_FUNCTION = 80
export const AROUND = 5
/** After the first ranks functions are cut from half of it on, and closer; what is longer even so is cut to what stands out. */
const FIRST_RANKS = 3
export const CLOSER = 2
const LONG_CUT = 60
/** Next to the most suspicious line of its function: a bug that explains all failures lies where all failing tests were. */
const STANDS_OUT = 0.99
const MATTERS = 0.5

/** Lines that may be shown of a ranked function, the best choice first, for the first one that has room. */
export function excerpts(text: string, one: Suspicious, rank: number): readonly (readonly number[])[] {
  const { slice } = one
  if (slice === null) {
    const lines = [...one.lines.keys()].flatMap((line) => around(text, line, AROUND))
    return lines.length > 0 ? [lines] : []
  }
  const wide = cut(text, slice, above(one, MATTERS), LONG_FUNCTION, AROUND)
  const close = cut(text, slice, above(one, MATTERS), LONG_FUNCTION / 2, CLOSER)
  const closest = cut(text, slice, standingOut(one), LONG_FUNCTION / 4, CLOSER)
  if (rank < FIRST_RANKS) return [wide, close, closest]
  return close.length > LONG_CUT ? [closest] : [close, closest]
}

export function standingOut(one: Suspicious): readonly number[] {
  return above(one, STANDS_OUT)
}

function above({ lines }: Suspicious, least: number): readonly number[] {
  return [...lines].flatMap(([line, weight]) => (weight >= least ? [line] : []))
}
