import type { RankedFunction } from './rank-functions.ts'

/** A line of a product file, 1-based; null = the whole file. A higher score is more suspicious. */
export interface SuspectLine {
  readonly path: string
  readonly line: number | null
  readonly score: number
}

const FUNCTIONS = 25

/** The lines of the most suspicious functions, best first, for a search that edits lines. */
export function suspectLines(ranked: readonly RankedFunction[]): readonly SuspectLine[] {
  return ranked
    .slice(0, FUNCTIONS)
    .flatMap(({ path, slice, score, lines }): SuspectLine[] => {
      if (lines.size === 0) return [{ path, line: slice?.start ?? null, score }]
      return [...lines].map(([line, weight]) => ({ path, line, score: score * weight }))
    })
    .sort((a, b) => b.score - a.score)
}
