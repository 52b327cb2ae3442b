import type { Edits } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import type { ProposalRequest } from '../../ports/proposer.ts'
import type { RefutedCandidates } from '../../ports/refuted-candidates.ts'
import { allGreen, type Measuring, measureTree, redMeasurements } from '../measure/index.ts'
import type { Baseline } from '../proof/index.ts'
import type { Session } from '../session/index.ts'
import { candidateKeys } from './candidate-key.ts'
import type { FailingFilter } from './failing-filter.ts'

/** The parts of a session that trying a candidate uses. */
type CandidateTrying = Measuring & Pick<Session, 'surroundings' | 'version'>

/** A candidate may take this many times as long as the red did, in case the red ended early. */
const TRIAL_FACTOR = 4
const LEAST_TRIAL_MS = 5_000
/** For one that passed in a process there is hardly any doubt, and a busy machine is slow. */
const LEAST_LIKELY_MS = 30_000

/**
 * Tries a candidate on the failing targets in a scratch work tree: first on the failing tests alone, where `filter` has them, and
 * on everything if it passes these. This gives no verdict and makes no attempt, so a candidate that was red in an earlier session
 * under the same conditions is not run again. One that was only too slow is run again.
 */
export function candidateTrial(
  session: CandidateTrying,
  base: Baseline,
  refuted: RefutedCandidates,
  filter: () => Promise<FailingFilter | null>,
): ProposalRequest['trial'] {
  const failing = redMeasurements(base.round)
  const targets = failing.map(({ target }) => target)
  const slowest = Math.max(
    ...failing.map(({ execution: { ended, durationMs } }) => (ended.how === 'timed-out' ? 0 : durationMs)),
  )
  const keyOf = candidateKeys(session, targets)
  return async (files, { signal, likely = false } = {}) => {
    const key = keyOf(files)
    if (refuted.has(key)) return false
    const own = signal === undefined ? session : { ...session, signal: AbortSignal.any([session.signal, signal]) }
    const edits: Edits = new Map([...files].map(([path, bytes]) => [path, { bytes, mode: '100644' as const }]))
    const least = likely ? LEAST_LIKELY_MS : LEAST_TRIAL_MS
    const passes = async (tried: readonly Target[], usualMs: number) => {
      const round = await measureTree(own, {
        tree: session.base.tree,
        step: { is: 'trial' },
        keep: null,
        targets: tried,
        edits,
        trialMs: Math.max(least, TRIAL_FACTOR * usualMs),
      })
      if (redMeasurements(round).some(({ execution }) => execution.ended.how === 'exited')) refuted.add(key)
      return allGreen(round)
    }
    // One that passed in a process passes the failing tests, too.
    const alone = likely ? null : await filter()
    if (alone !== null && !(await passes(alone.targets, alone.ms))) return false
    return passes(targets, slowest)
  }
}
