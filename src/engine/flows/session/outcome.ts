import type { ChangedExpectations } from '../../model/session.ts'
import type { Verdict } from '../../model/verdict.ts'

/** Why a session or an attempt ends here. `mend`: what a person can type or change. */
export interface Outcome {
  readonly verdict: Verdict
  readonly reason: string
  readonly mend: string | null
  readonly expectations?: ChangedExpectations
}

export function outcome(verdict: Verdict, reason: string, mend: string | null = null): Outcome {
  return { verdict, reason, mend }
}
