import type { Focus } from '../../model/policy-values.ts'

/**
 * How often the command has to be red without a change and green with it, the first of each included. They run in turn; a red
 * more than greens is the last run.
 */
export interface RunPlan {
  readonly reds: number
  readonly greens: number
}

/** How often to run, depending on how long one run of all targets takes: `auto` uses at most a few minutes. */
export function planRuns(runs: 'auto' | number, durationMs: number): RunPlan {
  if (runs === 'auto') return planRuns(durationMs <= 10_000 ? 3 : durationMs <= 60_000 ? 2 : 1, durationMs)
  return { reds: runs === 1 ? 2 : Math.max(1, runs), greens: Math.max(1, runs) }
}

/** From this duration of one run of all targets on, in ms, further runs are of the failing tests alone. */
const SLOW_MS = 60_000

/** Whether a suite is slow enough for that. With 0 or 1 runs, no added failing test watches the only whole run that is green. */
export function isFocused(focus: Focus, runs: 'auto' | number, durationMs: number): boolean {
  return focus !== 'never' && runs !== 0 && runs !== 1 && durationMs > SLOW_MS
}

/**
 * How often to run the failing tests alone, which take this long: as many pairs as planned for a command of that duration, and
 * at the end a red.
 */
export function planFocusedRuns(runs: 'auto' | number, durationMs: number): RunPlan {
  const { greens } = planRuns(runs, durationMs)
  return { reds: greens + 1, greens }
}

/** How many pairs records of versions 1 and 2 have after the first red and the first green. */
export function planOlderPairs(runs: 'auto' | number, durationMs: number): number {
  if (runs !== 'auto') return runs
  if (durationMs <= 10_000) return 3
  return durationMs <= 60_000 ? 2 : 1
}

/** Whether a base that is green is run a second time before that is said: as often as a red one is. */
export function looksTwice(runs: 'auto' | number, durationMs: number): boolean {
  return runs === 'auto' && durationMs <= 10_000
}
