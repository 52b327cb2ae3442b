import { type TrialsStatus, trialsOf, trialsStatus } from '../../core/trials/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { Trials } from '../../model/session.ts'
import {
  firstUndecided,
  type Measuring,
  measureTree,
  type Round,
  redMeasurements,
  roundDuration,
  undecidedOutcome,
  undecidedRoundOutcome,
} from '../measure/index.ts'
import { type Outcome, outcome, timeLeft } from '../session/index.ts'

/** One run without the change and one with it, each in a fresh work tree. `k` counts from 1. */
export interface TrialPair {
  readonly k: number
  readonly without: Round
  readonly with: Round
}

export interface TrialsSpec {
  readonly red: Oid
  readonly final: Oid
  /** The largest number of pairs. */
  readonly most: number
  /** Where the evidence of a run goes; null: it is not kept. */
  readonly folder: (side: 'without' | 'with', k: number) => string | null
  /** Looks at each pair, in order; if it returns an outcome, the trials end. */
  readonly heed: (pair: TrialPair) => Outcome | null | Promise<Outcome | null>
  /** Looks at the very first run without the change, which may write every judge; if it returns an outcome, the trials end. */
  readonly first?: (without: Round) => Outcome | null
  /** Whether to run more pairs although the two sides can be told apart already. */
  readonly goOn?: (trials: Trials) => boolean
}

export interface TrialsResult {
  readonly trials: Trials
  readonly standing: TrialsStatus
}

/**
 * Runs without the change and with it, in turn, until the two are told apart, a run with it fails, or the pairs or the time
 * are used up.
 */
export async function tryInTurn(session: Measuring, spec: TrialsSpec): Promise<TrialsResult | Outcome> {
  let trials = trialsOf({ runs: 0, failed: 0 }, { runs: 0, failed: 0 })
  let slowestMs = 0
  for (let k = 1; ; k++) {
    const goesOn = spec.goOn?.(trials) ?? false
    const spent = (k > spec.most && !goesOn) || timeLeft(session) < 2 * slowestMs
    const now = trialsStatus(trials, spent)
    if (now !== 'go on' && !(goesOn && now === 'told apart' && !spent)) return { trials, standing: now }
    const one = await pair(session, spec, k)
    if (one === null) return { trials, standing: trialsStatus(trials, true) }
    if ('verdict' in one) return one
    const end = await spec.heed(one)
    if (end) return end
    slowestMs = Math.max(slowestMs, roundDuration(one.without) + roundDuration(one.with))
    trials = trialsOf(counted(trials.without, one.without), counted(trials.with, one.with))
  }
}

function counted({ runs, failed }: Trials['with'], round: Round): Trials['with'] {
  return { runs: runs + 1, failed: failed + (redMeasurements(round).length > 0 ? 1 : 0) }
}

/** Null: the session's time ended in it, so the pair shows nothing. */
async function pair(session: Measuring, spec: TrialsSpec, k: number): Promise<TrialPair | Outcome | null> {
  const { red, final, folder, most, first } = spec
  session.reporter.tell({ is: 'progress', line: `pair ${k}, of at most ${Math.max(most, k)}` })
  const writeAccess = k === 1 && first ? ('all' as const) : ('known' as const)
  const without = await measureTree(session, {
    tree: red,
    step: { is: 'without', n: k },
    keep: folder('without', k),
    writeAccess,
  })
  if (outOfTime(without)) return null
  if (firstUndecided(without)) return undecidedRoundOutcome(session, without)
  const barred = k === 1 ? (first?.(without) ?? null) : null
  if (barred) return barred
  const after = await measureTree(session, { tree: final, step: { is: 'with', n: k }, keep: folder('with', k) })
  if (outOfTime(after)) return null
  const stuck = firstUndecided(after)?.reading
  if (stuck?.is === 'invalid')
    return outcome('NOT_FIXED', `with the change, the command cannot run any more: ${stuck.reason}`)
  return undecidedOutcome(session, after) ?? { k, without, with: after }
}

function outOfTime(round: Round): boolean {
  const ended = firstUndecided(round)?.execution.ended
  return ended?.how === 'timed-out' && ended.limit === 'session'
}
