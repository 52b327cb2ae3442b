import { linesAround, shortenedFunction } from './lines.ts'
import type { RankedFunction } from './rank-functions.ts'

/**
 * In lines. `LONG_FUNCTION`: longer functions are not shown whole. `AROUND`: how many lines are shown around a line of such a
 * function.
 */
export const LONG_FUNCTION = 80
/** The first one is worth more lines: whoever mends it has to see all of it. */
const LONG_FIRST = 200
export const AROUND = 5
/**
 * The first ranks are shown as above. Later ranks are shortened from half of that length on, with fewer lines around; if the
 * result is still long, only the most suspicious lines are shown.
 */
const FIRST_RANKS = 3
export const CLOSER = 2
const LONG_CUT = 60
/**
 * Weights relative to the most suspicious line of the function. A line that stands out is near the top, because a bug that
 * explains all failures is where all failing tests were.
 */
const STANDS_OUT = 0.99
const MATTERS = 0.5

/** Several choices of lines to show of a ranked function, the best first; the caller takes the first one that fits. */
export function functionExcerpts(text: string, one: RankedFunction, rank: number): readonly (readonly number[])[] {
  const { slice } = one
  if (slice === null) {
    const lines = [...one.lines.keys()].flatMap((line) => linesAround(text, line, AROUND))
    return lines.length > 0 ? [lines] : []
  }
  const wide = shortenedFunction(text, slice, above(one, MATTERS), LONG_FUNCTION, AROUND)
  const close = shortenedFunction(text, slice, above(one, MATTERS), LONG_FUNCTION / 2, CLOSER)
  const closest = shortenedFunction(text, slice, mostSuspiciousLines(one), LONG_FUNCTION / 4, CLOSER)
  if (rank === 0) return [shortenedFunction(text, slice, above(one, MATTERS), LONG_FIRST, AROUND), wide, close, closest]
  if (rank < FIRST_RANKS) return [wide, close, closest]
  return close.length > LONG_CUT ? [closest] : [close, closest]
}

export function mostSuspiciousLines(one: RankedFunction): readonly number[] {
  return above(one, STANDS_OUT)
}

function above({ lines }: RankedFunction, least: number): readonly number[] {
  return [...lines].flatMap(([line, weight]) => (weight >= least ? [line] : []))
}
