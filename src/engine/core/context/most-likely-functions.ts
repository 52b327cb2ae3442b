import type { FailureContext } from './failure-context.ts'
import type { RankedFunction } from './rank-functions.ts'

/** The accepted probability that the bug is in none of the lines chosen. */
const MISSED = 0.05
/** A function that holds less than this share of the suspicion is not worth its lines. */
const LEAST = 0.01
/**
 * The odds of a function are this power of its score. Chosen with seeded bugs: see docs/context.md. What the stack says is a weaker
 * sign than what ran: a wrong value is often noticed by the caller of the function that returns it. Without a trace, scores do not
 * show that other functions are innocent.
 */
const TRACED = 6
const TRACED_TOLD = 2
const UNTRACED = 1
/** The odds of a line in its function are this power of its weight. */
const LINE = 3

/** A ranked function, the share of all suspicion that it holds, from 0 to 1, and its lines that hold most of it. */
export interface LikelyFunction {
  readonly one: RankedFunction
  readonly share: number
  /** The most suspicious first. Empty if no line of the function is known to be more suspicious than others. */
  readonly lines: readonly number[]
}

interface WeighedLine {
  readonly rank: number
  /** Null: the function as a whole. */
  readonly line: number | null
  readonly weight: number
}

/**
 * The lines that together hold the bug with enough probability, in their functions, the most suspicious first: a few lines of one
 * function if they stand out, many if none do. `missed` and `least` scale the accepted probability and the share that a function
 * must hold; a later attempt takes smaller ones and so shows more.
 */
export function mostLikelyFunctions(
  { ranked, traced }: Pick<FailureContext, 'ranked' | 'traced'>,
  { missed, least }: { readonly missed: number; readonly least: number },
): readonly LikelyFunction[] {
  const shares = sharesOf(ranked, traced)
  const lines = ranked.flatMap((one, rank) => weighedLines(one, rank, shares[rank] ?? 0))
  lines.sort((a, b) => b.weight - a.weight || a.rank - b.rank)
  const chosen = new Map<number, number[]>()
  let left = 1
  let last = 0
  for (const { rank, line, weight } of lines) {
    // Of lines that are alike, all are chosen or none.
    if (left <= MISSED * missed && weight < last) break
    left -= weight
    last = weight
    chosen.set(rank, [...(chosen.get(rank) ?? []), ...(line === null ? [] : [line])])
  }
  return ranked.flatMap((one, rank) => {
    const share = shares[rank] ?? 0
    const own = chosen.get(rank)
    return own && (rank === 0 || share >= LEAST * least || isLevel(ranked, rank)) ? [{ one, share, lines: own }] : []
  })
}

function sharesOf(ranked: readonly RankedFunction[], traced: boolean): readonly number[] {
  const odds = ranked.map(({ score, told }) =>
    traced ? (score / (1 + told)) ** TRACED * (1 + told) ** TRACED_TOLD : score ** UNTRACED,
  )
  const all = odds.reduce((sum, one) => sum + one, 0)
  return odds.map((one) => one / all)
}

/** The lines of a function, each with its part of the share. */
function weighedLines({ lines }: RankedFunction, rank: number, share: number): WeighedLine[] {
  if (lines.size === 0) return [{ rank, line: null, weight: share }]
  const sum = [...lines.values()].reduce((all, one) => all + one ** LINE, 0)
  return [...lines].map(([line, weight]) => ({ rank, line, weight: (share * weight ** LINE) / sum }))
}

/** Whether the functions around are as suspicious, so that none of them stands out. */
function isLevel(ranked: readonly RankedFunction[], rank: number): boolean {
  return ranked[rank]?.score === ranked[0]?.score
}
