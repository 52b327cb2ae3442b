import type { Target } from '../../model/command.ts'
import { type Measuring, measureTree, redMeasurements, roundDuration } from '../measure/index.ts'
import { type Baseline, selectedTargets } from '../proof/index.ts'
import { roundsDisagreement } from '../repeat/index.ts'

/** The failing tests as commands of their own, which a candidate has to pass before the whole suite is run. */
export interface FailingFilter {
  readonly targets: readonly Target[]
  /** How long they took without a change, in ms. */
  readonly ms: number
}

/** In ms: below this, one more run for each candidate that passes costs more than it saves. */
const SLOW_MS = 2_000
/** What the failing tests alone have to save of the whole, as a part of it. */
const WORTH = 0.7

/** Finds the filter when it is first asked for, and remembers it. Null: the suite is quick, or its failing tests do not fail alone. */
export function failingFilter(session: Measuring, base: Baseline): () => Promise<FailingFilter | null> {
  let found: Promise<FailingFilter | null> | null = null
  return () => {
    found ??= findFilter(session, base)
    return found
  }
}

async function findFilter(session: Measuring, { round, failing }: Baseline): Promise<FailingFilter | null> {
  if (failing !== null) return { targets: failing.targets, ms: roundDuration(failing.round) }
  const red = redMeasurements(round)
  const whole = red.reduce((sum, { execution }) => sum + execution.durationMs, 0)
  if (whole < SLOW_MS || red.some(({ execution }) => execution.ended.how !== 'exited')) return null
  const targets = await selectedTargets(session, red)
  if (typeof targets === 'string') return null
  const alone = await measureTree(session, {
    ...{ tree: round.tree, step: { is: 'trial' }, keep: null, targets, trialMs: whole },
  })
  const ms = roundDuration(alone)
  const isSame = roundsDisagreement({ ...round, measurements: red }, alone) === null
  return isSame && ms < WORTH * whole ? { targets, ms } : null
}
