import { linesAround, shortenedFunction } from './lines.ts'
import type { RankedFunction } from './rank-functions.ts'

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
export function functionExcerpts(text: string, one: RankedFunction, rank: number): readonly (readonly number[])[] {
  const { slice } = one
  if (slice === null) {
    const lines = [...one.lines.keys()].flatMap((line) => linesAround(text, line, AROUND))
    return lines.length > 0 ? [lines] : []
  }
  const wide = shortenedFunction(text, slice, above(one, MATTERS), LONG_FUNCTION, AROUND)
  const close = shortenedFunction(text, slice, above(one, MATTERS), LONG_FUNCTION / 2, CLOSER)
  const closest = shortenedFunction(text, slice, mostSuspiciousLines(one), LONG_FUNCTION / 4, CLOSER)
  if (rank < FIRST_RANKS) return [wide, close, closest]
  return close.length > LONG_CUT ? [closest] : [close, closest]
}

export function mostSuspiciousLines(one: RankedFunction): readonly number[] {
  return above(one, STANDS_OUT)
}

function above({ lines }: RankedFunction, least: number): readonly number[] {
  return [...lines].flatMap(([line, weight]) => (weight >= least ? [line] : []))
}
