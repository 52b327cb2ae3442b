import type { RankedFunction } from './rank-functions.ts'

/**
 * The accepted probability that the bug is in none of the functions shown, if the odds of a function are the square of its
 * score.
 */
const MISSED = 0.05

/**
 * The first ranks that together hold the bug with enough probability: one function if it stands out, many if none does.
 * `share` scales the accepted probability; a later attempt takes a smaller share and so shows more. Without a trace, scores
 * do not show that other functions are innocent, so all of them are returned.
 */
export function mostLikelyFunctions(
  { ranked, traced }: { readonly ranked: readonly RankedFunction[]; readonly traced: boolean },
  share: number,
): readonly RankedFunction[] {
  if (!traced) return ranked
  const odds = ranked.map(({ score }) => score ** 2)
  const all = odds.reduce((sum, one) => sum + one, 0)
  const least = MISSED * share * all
  let left = all
  return ranked.filter((_, rank) => {
    const worth = left > least
    left -= odds[rank] ?? 0
    return worth
  })
}
