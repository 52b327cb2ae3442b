import { abridge, dropRuns } from '../../core/bundle/index.ts'
import { trialFolder } from '../../core/bundle-layout/index.ts'
import { leftOver, ofAll, planPairs, runsToSee, trialsLine } from '../../core/trials/index.ts'
import { labelOf } from '../../model/run-step.ts'
import type { Trials } from '../../model/session.ts'
import { duration, learnt, measure, type Round, reds, rewritten } from '../measure/index.ts'
import {
  type Baseline,
  compared,
  confirm,
  lacksExpected,
  ownRun,
  probeAll,
  provedAs,
  suiteOutcome,
} from '../proof/index.ts'
import { disagreement, type Pair, type Tried, tryInTurn } from '../repeat/index.ts'
import { type Candidate, type Outcome, outcome, type Session } from '../session/index.ts'
import type { Progress } from './ending.ts'

/** What is kept of all the pairs: of most only how they ended. */
interface Seen {
  first: Pair | null
  /** The first run without the change that failed. */
  red: Round | null
  /** Every run without the change failed, and all in the same way. */
  always: boolean
  readonly flipped: Set<string>
}

/**
 * A change that mends what fails only sometimes: the command has to fail in some runs without the change and in none with it,
 * told apart by Fisher's exact test. What fails in every run without it, in the same way, is proved as usual.
 */
export async function stabilize(
  session: Session,
  change: Candidate,
  most: number,
  progress: Progress,
): Promise<Outcome> {
  session.reporter.tell({
    is: 'phase',
    name: 'trials',
    detail: 'how often does it fail without the change and with it?',
  })
  const own = await ownRun(session, change.redTree, null)
  const seen: Seen = { first: null, red: null, always: true, flipped: new Set() }
  const tried = await tryInTurn(session, {
    ...{ red: change.redTree, final: change.tree, most, folder: trialFolder },
    first: (without) => learnt(session, without, own ?? without),
    heed: (pair) => heed(session, change, pair, seen),
    goOn: ({ without }) => seen.always && seen.first !== null && without.runs <= plannedPairs(session, seen.first),
  })
  if ('verdict' in tried) return tried
  const { without } = tried.trials
  // With several pairs at once, time may have ended in one and not in those after it.
  for (let k = without.runs + 1; k <= without.runs + session.settings.jobs; k++)
    dropRuns(session.record, [trialFolder('without', k), trialFolder('with', k)])
  progress.trials = tried.trials
  const base = seen.red && { round: seen.red, rounds: [seen.red], reds: without.failed, pairs: 0, own }
  if (base) progress.base = base
  if (tried.standing !== 'told apart' || !base || !seen.first) return undone(session, change, tried, seen)
  return held(session, change, { trials: tried.trials, base, green: seen.first.with, seen }, progress)
}

function plannedPairs(session: Session, { without }: Pair): number {
  return planPairs(session.settings.runs, duration(without)).pairs
}

/** What every pair has to stand: judges left alone, the same tests, and the failure that was expected. */
async function heed(session: Session, change: Candidate, pair: Pair, seen: Seen): Promise<Outcome | null> {
  const { without, with: after } = pair
  const fresh = { without: seen.first === null, with: seen.first === null }
  seen.first ??= pair
  if (reds(without).length > 0) {
    const unexpected = lacksExpected(session, without)
    if (unexpected) return unexpected
    fresh.without ||= seen.red === null
    if (seen.red !== null && disagreement(seen.red, without) !== null) seen.always = false
    seen.red ??= without
  } else seen.always = false
  for (const side of ['without', 'with'] as const)
    if (!fresh[side]) abridge(session, trialFolder(side, pair.k), labelOf({ is: side, n: pair.k }))
  const end = rewritten(session, after)
  if (end || reds(after).length > 0) return end
  for (const [at, { tests }] of after.measurements.entries()) {
    const suite = await compared(session, change, without.measurements[at], tests)
    if (suite.ok) for (const id of suite.flipped) seen.flipped.add(id)
  }
  return suiteOutcome(session, change, without, after)
}

/** It was not told apart: why, and what may help. */
async function undone(session: Session, change: Candidate, { trials, standing }: Tried, seen: Seen): Promise<Outcome> {
  const { without, with: after } = trials
  if (!seen.first)
    return outcome(
      'NOT_RUN',
      'no pair of runs ended within the time limit of the session',
      'raise --timeout or limits.session_timeout_sec',
    )
  if (standing === 'fails with it')
    return outcome('FLAKY', `the command fails with the change too: ${ofAll(without)} without, ${ofAll(after)} with it`)
  if (standing === 'never failed') return neverFailed(session, change, without.runs, seen.first.without)
  return outcome(
    'FLAKY',
    `chance could explain the difference: ${trialsLine(trials)}`,
    'allow more pairs, up to --runs 100, or more time',
  )
}

async function neverFailed(session: Session, change: Candidate, runs: number, first: Round): Promise<Outcome> {
  if (change.redTree !== session.base.tree && (await failsByOwnTests(session, runs)))
    return outcome(
      'TESTS_CHANGED',
      `the command failed, but passes in ${runs} runs with only the changed tests and no change of the product`,
      'prove the change of the product with the tests as they were before',
    )
  if (!(await probeAll(session, change.redTree, first)))
    return outcome(
      'NO_EFFECT',
      'the command passes whatever the files of this repository contain, so it does not read this work tree',
    )
  return outcome(
    'NOT_RED',
    `the command did not fail in ${runs} ${runs === 1 ? 'run' : 'runs'} without the change`,
    'name a command that fails on the base, or allow more pairs, up to --runs 100, or more time',
  )
}

/** Whether the base, with its own tests, fails in one of so many runs. */
async function failsByOwnTests(session: Session, runs: number): Promise<boolean> {
  for (let k = 1; k <= runs; k++) {
    const round = await measure(session, { tree: session.base.tree, step: { is: 'base-tests', n: k }, keep: null })
    if (reds(round).length > 0) return true
  }
  return false
}

interface ToldApart {
  readonly trials: Trials
  readonly base: Baseline
  readonly green: Round
  readonly seen: Seen
}

/** The other rules of a proof. Where it failed in every run, and always in the same way, the runs are those of a proof. */
async function held(
  session: Session,
  change: Candidate,
  { trials, base, green, seen }: ToldApart,
  progress: Progress,
): Promise<Outcome> {
  const { without, with: after } = trials
  const confirmation = await confirm(session, change, base, green, { greens: after.runs, looks: runsToSee(without) })
  if (!confirmation.ok) return confirmation.end
  const { confirmed } = confirmation
  const proved = seen.always
  const room = `that the command never fails with the change: after ${ofAll(after)}, up to ${leftOver(after.runs)} of 100 runs may still fail`
  const notShown = [...confirmed.notShown, ...(proved ? [] : [room])]
  const flipped = [...new Set([...confirmed.flipped, ...seen.flipped])].sort()
  const all = { ...confirmed, flipped, notShown }
  progress.proved = { change, round: green, confirmed: all, minimal: 'not asked' }
  if (!proved) return outcome('STABILIZED', trialsLine(trials))
  progress.trials = null
  const reason = `red without the change (${ofAll(without)}), green with it (${after.runs} of ${after.runs}); it fails in every run without the change, so --flaky was not needed`
  return outcome(provedAs(session), reason)
}
