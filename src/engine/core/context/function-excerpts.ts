import { linesAround, shortenedFunction } from './lines.ts'
import type { LikelyFunction } from './most-likely-functions.ts'
import type { RankedFunction } from './rank-functions.ts'

/**
 * In lines. `LONG_FUNCTION`: longer functions are not shown whole. `AROUND`: how many lines are shown around a line of such a
 * function. `SHORT_FUNCTION` and `CLOSER`: the same where a trace shows which lines matter, `CLOSEST` where these are
 * more than `FEW`.
 */
export const LONG_FUNCTION = 80
const SHORT_FUNCTION = 24
/** In later requests, the first one is worth more lines: whoever mends it has to see all of it. */
const LONG_FIRST = 200
export const AROUND = 5
export const CLOSER = 2
const CLOSEST = 1
const FEW = 8
/**
 * Weights relative to the most suspicious line of the function. A line that stands out is near the top, because a bug that
 * explains all failures is where all failing tests were.
 */
const STANDS_OUT = 0.99
const MATTERS = 0.5
/** The parts of the chosen lines of a function, the best ones, that are tried one after the other until they fit. */
const PARTS = [1, 0.7, 0.5, 0.35, 0.25, 0.15, 0.08]

/** Several choices of lines to show of a likely function, the best first; the caller takes the first one that fits. */
export function functionExcerpts(
  text: string,
  { one, lines }: LikelyFunction,
  { rank, brief }: { readonly rank: number; readonly brief: boolean },
): readonly (readonly number[])[] {
  const { slice } = one
  if (slice === null) {
    const around = [...one.lines.keys()].flatMap((line) => linesAround(text, line, AROUND))
    return around.length > 0 ? [around] : []
  }
  const cut = (matter: readonly number[], longest: number, around: number) =>
    shortenedFunction(text, slice, matter, longest, around)
  const close = PARTS.map((part) => cut(lines.slice(0, Math.ceil(part * lines.length)), SHORT_FUNCTION, CLOSEST))
  if (brief) return lines.length <= FEW ? [cut(lines, SHORT_FUNCTION, CLOSER), ...close] : close
  const wide = cut(above(one, MATTERS), LONG_FUNCTION, AROUND)
  return rank === 0 ? [cut(above(one, MATTERS), LONG_FIRST, AROUND), wide, ...close] : [wide, ...close]
}

export function mostSuspiciousLines(one: RankedFunction): readonly number[] {
  return above(one, STANDS_OUT)
}

function above({ lines }: RankedFunction, least: number): readonly number[] {
  return [...lines].flatMap(([line, weight]) => (weight >= least ? [line] : []))
}
