import * as z from 'zod'

/** The verdicts of a session (docs/reference.md, "Verdicts"). */
export const Verdict = z.enum([
  'PROVED',
  'STABILIZED',
  'PRESERVED',
  'PASSED_ONCE',
  'ALREADY_GREEN',
  'NOT_FIXED',
  'NOT_RED',
  'TESTS_CHANGED',
  'RIGGED',
  'DENIED',
  'INVALID_RED',
  'FLAKY',
  'NO_EFFECT',
  'NOT_RUN',
  'PROPOSER_FAILED',
  'USAGE',
  'INTERRUPTED',
  'ERROR',
])
export type Verdict = z.infer<typeof Verdict>

/** Verdict → exit status. DENIED is 1 for a patch; a denied command is a PpError NOT_ALLOWED with status 4. */
export const STATUS_OF_VERDICT: Readonly<Record<Verdict, number>> = {
  PROVED: 0,
  STABILIZED: 0,
  // It is answered only if it was asked for; else such a change is NOT_RED.
  PRESERVED: 0,
  PASSED_ONCE: 0,
  ALREADY_GREEN: 0,
  NOT_FIXED: 1,
  NOT_RED: 1,
  TESTS_CHANGED: 1,
  RIGGED: 1,
  DENIED: 1,
  INVALID_RED: 6,
  FLAKY: 6,
  NO_EFFECT: 6,
  NOT_RUN: 6,
  PROPOSER_FAILED: 7,
  USAGE: 2,
  INTERRUPTED: 130,
  ERROR: 128,
}

/** The verdicts for which a change is kept as proved. */
export const PROVED_VERDICTS: ReadonlySet<string> = new Set(['PROVED', 'STABILIZED', 'PRESERVED', 'PASSED_ONCE'])

/** The exit status for several results is the first status in this order that occurs. */
export const STATUS_ORDER = [128, 130, 143, 2, 1, 4, 7, 6, 5, 3, 0] as const

export function worstStatus(statuses: readonly number[]): number {
  return STATUS_ORDER.find((status) => statuses.includes(status)) ?? 0
}
