import { pairFolder } from '../../core/bundle-layout/index.ts'
import type { SuiteChange } from '../../core/verdict/index.ts'
import type { TestReport } from '../../model/evidence.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  allGreen,
  failingTestsOf,
  type Measurement,
  measureTree,
  type Round,
  tamperedJudges,
  undecidedOutcome,
  writableRemarks,
} from '../measure/index.ts'
import { listTests, OTHER_MESSAGES, otherMessages, rerunsOutcome, roundsDisagreement } from '../repeat/index.ts'
import { type Outcome, outcome, throwIfAborted, warnOnce } from '../session/index.ts'
import { addedFailingTest } from './added-failing-test.ts'
import { type Baseline, flakyMend } from './baseline.ts'
import { changeWithoutProduct, dataOfTheBase, needsPhrase } from './data-of-the-base.ts'
import { judgesOfTheBase } from './judges-of-the-base.ts'
import type { Proving } from './proving.ts'
import { separateCommands } from './separate-commands.ts'
import { compareReports, suiteOutcome } from './suite-outcome.ts'

const NOT_OBSERVED =
  'which files the command reads (not observed), so judges are known only by their names, by the command and by the runner'

/** What pairs and checks showed for a change whose first run was green. */
export interface ConfirmedRuns {
  readonly reds: number
  readonly greens: number
  readonly flipped: readonly string[]
  readonly same: number | null
  /** Data that the command reads and without whose changes it is not green. */
  readonly needs: readonly string[]
  /** What was not checked, one sentence each. */
  readonly notShown: readonly string[]
}

/** What is known before the confirmation starts. `looks`: after this many green runs a failure would have shown itself. */
interface EarlierRuns {
  readonly greens: number
  readonly looks: number
}

export type Confirmation =
  | { readonly ok: true; readonly confirmed: ConfirmedRuns }
  | { readonly ok: false; readonly end: Outcome }

/** Rules 3 to 5 of a proof, for a change whose first run was green: pairs, judges, separate commands. */
export async function confirmChange(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  green: Round,
  { greens, looks }: EarlierRuns = { greens: 1, looks: 1 },
): Promise<Confirmation> {
  const notShown: string[] = []
  const needs: string[] = []
  const counts = { reds: firstReds(change, base), greens }
  const rounds = [green]
  const steps = [
    () => judgesOfTheBase(session, change, { base, green, looks }, notShown),
    () => changeWithoutProduct(session, change),
    () => dataOfTheBase(session, change, looks, needs),
    () => pairs(session, change, base, counts, rounds),
    () => addedFailingTest(session, change, base.round, green, notShown),
    () => separateCommands(session, change, notShown, needs),
  ]
  for (const step of steps) {
    throwIfAborted(session)
    const end = await step()
    if (end) return { ok: false, end }
  }
  if (session.baseReads.seen === null) notShown.push(NOT_OBSERVED)
  if (green.unguarded > 0) notShown.push(unguarded(green.unguarded))
  notShown.push(...writableRemarks(session, green))
  const testListing = await suites(session, change, base.round, green, notShown, rounds)
  if ('verdict' in testListing) return { ok: false, end: testListing }
  const again = rerunsOutcome(base.round, rounds, notShown)
  if (again) return { ok: false, end: again }
  return { ok: true, confirmed: { ...counts, ...testListing, needs, notShown } }
}

/**
 * The verdict for a change that passed every rule: PROVED, or PASSED_ONCE if no more than one red and one green was asked
 * for.
 */
export function provedAs({ settings }: Pick<Proving, 'settings'>): 'PROVED' | 'PASSED_ONCE' {
  return settings.runs === 0 ? 'PASSED_ONCE' : 'PROVED'
}

/**
 * The reason of PROVED: that the program decided alone, or what else the change needs; then all runs that count, including
 * those before the pairs. `programs`: product files that the command itself runs.
 */
export function provedReason(
  { reds, greens, needs }: Pick<ConfirmedRuns, 'reds' | 'greens' | 'needs'>,
  what: 'patch' | 'change',
  programs: readonly string[],
): string {
  const runs = reds === 1 ? '1 run' : `all ${reds} runs`
  const first = [
    ...programs.map((path) => `${path} is both the command and the program, so nothing outside of it decided`),
    ...(needs.length > 0 ? [needsPhrase(needs)] : []),
  ]
  return `${first.map((one) => `${one}; `).join('')}red in ${runs} without the ${what}, green in ${greens === 1 ? '1' : `all ${greens}`} with it`
}

function unguarded(count: number): string {
  const files = count === 1 ? '1 judge was' : `${count} judges were`
  return `${files} not read-only while the command ran, but only compared afterwards`
}

/** Runs further pairs in turn, each run in a fresh work tree: red without the product, green with it. `jobs` pairs run at once. */
async function pairs(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  counts: { reds: number; greens: number },
  greens: Round[],
): Promise<Outcome | null> {
  const all = furtherRuns(change, base)
  if (all.length === 0) return null
  session.reporter.tell({ is: 'phase', name: 'pairs', detail: 'red again without the change, and green with it?' })
  for (let at = 0; at < all.length; at += session.settings.jobs) {
    const batch = all.slice(at, at + session.settings.jobs)
    // All of them have to end before anything is removed, even if one of them fails.
    const ends = await Promise.allSettled(batch.map((one) => pair(session, change, base, one, greens)))
    for (const end of ends) {
      if (end.status === 'rejected') throw end.reason
      if (end.value) return end.value
    }
    counts.reds += batch.length
    counts.greens += batch.filter(({ green }) => green).length
  }
  return null
}

/** The reds so far. If pairs follow, a red of another tree is not one of them. */
function firstReds(change: ChangeCandidate, { round, reds, plan }: Baseline): number {
  return round.tree === change.redTree || plan.reds === 1 ? reds : 0
}

/** A run without the change and, if `green`, one with it. The first pair are the runs of the base and of the change. */
interface FurtherRuns {
  readonly k: number
  readonly of: number
  readonly green: boolean
}

/** What has to follow the first red and the first green. If the first red was of another tree, it is run again as well. */
function furtherRuns(change: ChangeCandidate, { plan, round }: Baseline): readonly FurtherRuns[] {
  const of = Math.max(plan.reds, plan.greens)
  const from = of > 1 && round.tree !== change.redTree ? 1 : 2
  return Array.from({ length: Math.max(0, of - from + 1) }, (_, at) => {
    const k = from + at
    return { k, of, green: k > 1 && k <= plan.greens }
  })
}

async function pair(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  { k, of, green: wanted }: FurtherRuns,
  greens: Round[],
): Promise<Outcome | null> {
  session.reporter.tell({ is: 'progress', line: `${k} of ${of}` })
  const red = await measureTree(session, {
    tree: change.redTree,
    step: { is: 'red', n: k },
    keep: pairFolder(k, 'red'),
  })
  const cut = undecidedOutcome(session, red)
  if (cut) return cut
  const differs = roundsDisagreement(base.round, red)
  if (differs)
    return outcome('FLAKY', `without the change the command did not fail as before: ${differs}`, flakyMend(session))
  warnOnce(session, OTHER_MESSAGES, otherMessages(base.round, red))
  if (!wanted) return null
  const green = await measureTree(session, {
    tree: change.tree,
    step: { is: 'green', n: k },
    keep: pairFolder(k, 'green'),
  })
  if (!allGreen(green))
    return (
      undecidedOutcome(session, green) ??
      outcome('FLAKY', `with the change the command passed once, but failed in pair ${k}${whichFailed(green)}`)
    )
  greens.push(green)
  return tamperedJudges(session, green) ?? suiteOutcome(session, change, base.round, green)
}

/** Compares every test by name, red tree against final tree, if environment variables can make the runner list them. */
async function suites(
  session: Proving,
  change: ChangeCandidate,
  base: Round,
  green: Round,
  notShown: string[],
  greens: Round[],
): Promise<{ flipped: readonly string[]; same: number | null } | Outcome> {
  const flipped: string[] = []
  let same: number | null = null
  for (const [at, final] of green.measurements.entries()) {
    const red = base.measurements[at]
    if (!red) continue
    const listed = await listedTwice(session, change, red, final, greens)
    if ('verdict' in listed) return listed
    const { before, after, suite } = listed
    if (!before && !after && final.runner && cutOff(red))
      return outcome(
        'RIGGED',
        `${final.target.name}: ${final.runner.kind} ended with exit status 0, but reports no test`,
      )
    if (!suite.ok) return outcome('RIGGED', `${final.target.name}: ${suite.reason}`)
    notShown.push(...suite.unsure.map((what) => `${final.target.name}: ${what}`))
    flipped.push(...suite.flipped)
    if (suite.same !== null) same = (same ?? 0) + suite.same
    if (!before && !after) notShown.push(`${final.target.name}: which tests ran (git pp knows no runner in the output)`)
    else if (before && (!before.named || !after?.named))
      notShown.push(`${final.target.name}: the names of the tests (only their number was compared)`)
  }
  return { flipped, same }
}

interface ListedSuites {
  readonly before: TestReport | null
  readonly after: TestReport | null
  readonly suite: SuiteChange
}

/** Compares both lists of tests; lists them once more before they count against the change. */
async function listedTwice(
  session: Proving,
  change: ChangeCandidate,
  red: Measurement,
  final: Measurement,
  greens: Round[],
): Promise<ListedSuites | Outcome> {
  const take = async (afresh: boolean): Promise<ListedSuites | Outcome> => {
    const options = { seen: greens, afresh }
    const listed = await listTests(session, [change.redTree, red], [change.tree, final], options)
    if (listed !== null && 'verdict' in listed) return listed
    const [before, after] = listed ?? [red.tests, final.tests]
    return { before, after, suite: await compareReports(session, change, { ...red, tests: before }, after) }
  }
  const first = await take(false)
  if ('verdict' in first || first.suite.ok) return first
  const second = await take(true)
  if ('verdict' in second || !second.suite.ok) return second
  return outcome('FLAKY', `${final.target.name}: two runs list different tests: ${first.suite.reason}`)
}

function whichFailed(round: Round): string {
  const [first] = failingTestsOf(round)
  return first === undefined ? '' : `: ${first} failed`
}

/** Whether the command was ended from outside, also as shells report it, so that its runner could not print its usual report. */
function cutOff({ execution: { ended } }: Measurement): boolean {
  return ended.how !== 'exited' || ended.code > 128
}
