import { abridgeRuns, dropRuns } from '../../core/bundle/index.ts'
import { trialFolder } from '../../core/bundle-layout/index.ts'
import { formatTally, planRuns, residualFailureRate, runsToSeeFailure, trialsLine } from '../../core/trials/index.ts'
import { labelOf } from '../../model/run-purpose.ts'
import type { Trials } from '../../model/session.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  measureTree,
  type Round,
  redMeasurements,
  rememberAndCheckWrites,
  roundDuration,
  tamperedJudges,
} from '../measure/index.ts'
import {
  type Baseline,
  compareReports,
  confirmChange,
  lacksExpectedText,
  type Proving,
  provedAs,
  readsTree,
  runWithOwnJudges,
  suiteOutcome,
} from '../proof/index.ts'
import { roundsDisagreement, type TrialPair, type TrialsResult, tryInTurn } from '../repeat/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'
import type { SessionProgress } from './session-progress.ts'

/** What is kept of all pairs: for most of them only how they ended. */
interface PairsSummary {
  first: TrialPair | null
  /** The first run without the change that failed. */
  red: Round | null
  /** Whether every run without the change failed, and all of them in the same way. */
  always: boolean
  readonly flipped: Set<string>
}

/**
 * Proves a change that fixes a failure which shows only sometimes: the command has to fail in some runs without the change
 * and in none with it, and Fisher's exact test has to tell the two apart. If every run without it fails in the same way, the
 * change is proved as usual.
 */
export async function stabilize(
  session: Proving,
  change: ChangeCandidate,
  most: number,
  progress: SessionProgress,
): Promise<Outcome> {
  session.reporter.tell({
    is: 'phase',
    name: 'trials',
    detail: 'how often does it fail without the change and with it?',
  })
  const own = await runWithOwnJudges(session, change.redTree, null)
  const seen: PairsSummary = { first: null, red: null, always: true, flipped: new Set() }
  const tried = await tryInTurn(session, {
    ...{ red: change.redTree, final: change.tree, most, folder: trialFolder },
    first: (without) => rememberAndCheckWrites(session, without, own ?? without),
    heed: (pair) => heed(session, change, pair, seen),
    goOn: ({ without }) => seen.always && seen.first !== null && without.runs < plannedPairs(session, seen.first),
  })
  if ('verdict' in tried) return tried
  const { without } = tried.trials
  // If time ran out in a pair, half of it may have been recorded.
  const k = without.runs + 1
  dropRuns(session.record, [trialFolder('without', k), trialFolder('with', k)])
  progress.trials = tried.trials
  const base = seen.red && {
    round: seen.red,
    rounds: [seen.red],
    reds: without.failed,
    plan: { reds: 1, greens: 1 },
    own,
    failing: null,
  }
  if (base) progress.base = base
  if (tried.standing !== 'told apart' || !base || !seen.first) return undone(session, change, tried, seen)
  return held(session, change, { trials: tried.trials, base, green: seen.first.with, seen }, progress)
}

function plannedPairs({ settings }: Pick<Session, 'settings'>, { without }: TrialPair): number {
  return planRuns(settings.runs, roundDuration(without)).reds
}

/** What every pair has to fulfil: judges unchanged, the same tests, and the expected failure. */
async function heed(
  session: Proving,
  change: ChangeCandidate,
  pair: TrialPair,
  seen: PairsSummary,
): Promise<Outcome | null> {
  const { without, with: after } = pair
  const fresh = { without: seen.first === null, with: seen.first === null }
  seen.first ??= pair
  if (redMeasurements(without).length > 0) {
    const unexpected = lacksExpectedText(session, without)
    if (unexpected) return unexpected
    fresh.without ||= seen.red === null
    if (seen.red !== null && roundsDisagreement(seen.red, without) !== null) seen.always = false
    seen.red ??= without
  } else seen.always = false
  for (const side of ['without', 'with'] as const)
    if (!fresh[side]) abridgeRuns(session, trialFolder(side, pair.k), labelOf({ is: side, n: pair.k }))
  const end = tamperedJudges(session, after)
  if (end || redMeasurements(after).length > 0) return end
  for (const [at, { tests }] of after.measurements.entries()) {
    const suite = await compareReports(session, change, without.measurements[at], tests)
    if (suite.ok) for (const id of suite.flipped) seen.flipped.add(id)
  }
  return suiteOutcome(session, change, without, after)
}

/** The outcome if the two were not told apart: why, and what may help. */
async function undone(
  session: Proving,
  change: ChangeCandidate,
  { trials, standing }: TrialsResult,
  seen: PairsSummary,
): Promise<Outcome> {
  const { without, with: after } = trials
  if (!seen.first)
    return outcome(
      'NOT_RUN',
      'no pair of runs ended within the time limit of the session',
      'raise --timeout or limits.session_timeout_sec',
    )
  if (standing === 'fails with it')
    return outcome(
      'FLAKY',
      `the command fails with the change too: ${formatTally(without)} without, ${formatTally(after)} with it`,
    )
  if (standing === 'never failed') return neverFailed(session, change, without.runs, seen.first.without)
  return outcome(
    'FLAKY',
    `chance could explain the difference: ${trialsLine(trials)}`,
    'allow more pairs, up to --runs 100, or more time',
  )
}

async function neverFailed(session: Proving, change: ChangeCandidate, runs: number, first: Round): Promise<Outcome> {
  if (change.redTree !== session.base.tree && (await failsByOwnTests(session, runs)))
    return outcome(
      'TESTS_CHANGED',
      `the command failed, but passes in ${runs} runs with only the changed tests and no change of the product`,
      'prove the change of the product with the tests as they were before',
    )
  if (!(await readsTree(session, change.redTree, first)))
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

/** Whether the base, with its own tests, fails in one of this many runs. */
async function failsByOwnTests(session: Proving, runs: number): Promise<boolean> {
  for (let k = 1; k <= runs; k++) {
    const round = await measureTree(session, { tree: session.base.tree, step: { is: 'base-tests', n: k }, keep: null })
    if (redMeasurements(round).length > 0) return true
  }
  return false
}

interface StabilizedChange {
  readonly trials: Trials
  readonly base: Baseline
  readonly green: Round
  readonly seen: PairsSummary
}

/**
 * Checks the other rules of a proof. If every run without the change failed in the same way, the runs count as those of an
 * ordinary proof.
 */
async function held(
  session: Proving,
  change: ChangeCandidate,
  { trials, base, green, seen }: StabilizedChange,
  progress: SessionProgress,
): Promise<Outcome> {
  const { without, with: after } = trials
  const confirmation = await confirmChange(session, change, base, green, {
    greens: after.runs,
    looks: runsToSeeFailure(without),
  })
  if (!confirmation.ok) return confirmation.end
  const { confirmed } = confirmation
  const proved = seen.always
  const room = `that the command never fails with the change: after ${formatTally(after)}, up to ${residualFailureRate(after.runs)} of 100 runs may still fail`
  const notShown = [...confirmed.notShown, ...(proved ? [] : [room])]
  const flipped = [...new Set([...confirmed.flipped, ...seen.flipped])].sort()
  const all = { ...confirmed, flipped, notShown }
  progress.proved = { change, round: green, confirmed: all, minimal: 'not asked' }
  if (!proved) return outcome('STABILIZED', trialsLine(trials))
  progress.trials = null
  const reason = `red without the change (${formatTally(without)}), green with it (${after.runs} of ${after.runs}); it fails in every run without the change, so --flaky was not needed`
  return outcome(provedAs(session), reason)
}
