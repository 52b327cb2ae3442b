export interface PairCountPlan {
  /** Reds on the base before any attempt. */
  readonly baseReds: number
  /** Interleaved pairs of one red and one green after it. */
  readonly pairs: number
}

/** How often to run, depending on how long one run of all targets takes: `auto` uses at most a few minutes. */
export function planPairs(runs: 'auto' | number, durationMs: number): PairCountPlan {
  if (runs !== 'auto') return { baseReds: 1, pairs: runs }
  if (durationMs <= 10_000) return { baseReds: 2, pairs: 3 }
  return { baseReds: 1, pairs: durationMs <= 60_000 ? 2 : 1 }
}
