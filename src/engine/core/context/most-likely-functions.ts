import type { RankedFunction } from './rank-functions.ts'

/** How often the bug may lie in none of the functions that are shown, if odds go by the square of the score. */
const MISSED = 0.05

/**
 * As many of the first ranks as it takes to hold the bug with enough odds: one where the first stands out, many where none
 * does. `share`: of the odds to miss it, which a further attempt takes a smaller part of. Without a trace no score says that
 * the others are innocent, so all are worth it as far as they have room.
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
