import type { ModelUse } from '../../model/model-use.ts'
import type { Oid } from '../../model/oid.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { AttemptSummary, ExecutedCount, SessionResult, Trials } from '../../model/session.ts'
import type { ChangeCandidate } from '../change/index.ts'
import type { Round } from '../measure/index.ts'
import type { Baseline, ConfirmedRuns } from '../proof/index.ts'
import type { Outcome } from '../session/index.ts'

/** A change that was confirmed, and what was shown of it. */
export interface ProvedChange {
  readonly change: ChangeCandidate
  readonly round: Round
  readonly confirmed: ConfirmedRuns
  readonly minimal: SessionResult['minimal']
}

/** A committed change whose verdict is not known yet. */
export interface PendingChange {
  readonly n: number
  readonly commit: Oid
  readonly proposer: string
  readonly change: ChangeCandidate
}

/** What a session has found so far; kept when it is interrupted. */
export interface SessionProgress {
  readonly attempts: AttemptSummary[]
  /** Why the policy refuses the change whose verdict is not known yet. */
  refusals?: readonly Refusal[]
  trying: PendingChange | null
  /** For `prove`: the change that exists, once a red run shows what it is judged by. */
  given?: ChangeCandidate
  base: Baseline | null
  proved: ProvedChange | null
  /** With `--flaky`: how often it failed. */
  trials?: Trials | null
  /** For a change without a red: which of its lines tests ran. */
  executed?: ExecutedCount
  /** The last change that ran, kept to show how near it came. */
  closest: { readonly patch: Uint8Array; readonly round: Round } | null
  /** An attempt that turned the command green and is probably no repair: how the session ends if nothing better is found. */
  doubtful: { readonly end: Outcome; readonly closest: SessionProgress['closest'] } | null
  suspects?: readonly string[]
  /** What asking models took; null: none was asked. */
  spent?: ModelUse | null
  /** For `prove COMMIT`: the commit itself. */
  commit?: Oid | null
}

export function newProgress(commit: Oid | null): SessionProgress {
  return { attempts: [], trying: null, base: null, proved: null, closest: null, doubtful: null, commit }
}
