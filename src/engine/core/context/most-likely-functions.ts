import type { RankedFunction } from './rank-functions.ts'

/** The accepted probability that the bug is in none of the functions shown. */
const MISSED = 0.05
/** A function that holds less than this share of the suspicion is not worth its lines. */
const LEAST = 0.01
/**
 * The odds of a function are this power of its score. Chosen with seeded bugs: see docs/context.md. Without a trace, scores do not
 * show that other functions are innocent.
 */
const TRACED = 6
const UNTRACED = 1

/** A ranked function and the share of all suspicion that it holds, from 0 to 1. */
export interface LikelyFunction {
  readonly one: RankedFunction
  readonly share: number
}

/**
 * The first ranks that together hold the bug with enough probability: one function if it stands out, many if none does.
 * `scale` scales the accepted probability; a later attempt takes a smaller one and so shows more.
 */
export function mostLikelyFunctions(
  { ranked, traced }: { readonly ranked: readonly RankedFunction[]; readonly traced: boolean },
  scale: number,
): readonly LikelyFunction[] {
  const odds = ranked.map(({ score }) => score ** (traced ? TRACED : UNTRACED))
  const all = odds.reduce((sum, one) => sum + one, 0)
  const likely: LikelyFunction[] = []
  let left = 1
  for (const [rank, one] of ranked.entries()) {
    const share = (odds[rank] ?? 0) / all
    if (left <= MISSED * scale || (likely.length > 0 && share < LEAST * scale && !isLevel(ranked, rank))) break
    likely.push({ one, share })
    left -= share
  }
  return likely
}

/** Whether the functions around are as suspicious, so that none of them stands out. */
function isLevel(ranked: readonly RankedFunction[], rank: number): boolean {
  return ranked[rank]?.score === ranked[0]?.score
}
