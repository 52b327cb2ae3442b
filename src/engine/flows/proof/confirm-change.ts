import type { SuiteChange } from '../../core/verdict/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { TestReport } from '../../model/evidence.ts'
import type { FocusedRuns } from '../../model/session.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { type Measurement, type Round, writableRemarks } from '../measure/index.ts'
import { listTests, rerunsOutcome } from '../repeat/index.ts'
import { type Outcome, outcome, throwIfAborted } from '../session/index.ts'
import { addedFailingTest } from './added-failing-test.ts'
import type { Baseline } from './baseline.ts'
import { changeWithoutProduct, dataOfTheBase, needsPhrase } from './data-of-the-base.ts'
import { canFocus, pairsOfFailingTests } from './failing-tests.ts'
import { firstReds, furtherPairs } from './further-pairs.ts'
import { judgesOfTheBase } from './judges-of-the-base.ts'
import type { Proving } from './proving.ts'
import { separateCommands } from './separate-commands.ts'
import { compareReports } from './suite-outcome.ts'

const UNWATCHED = 'that an added failing test fails (not checked with verify.focus: fast)'
const NOT_OBSERVED =
  'which files the command reads (not observed), so judges are known only by their names, by the command and by the runner'

/** What pairs and checks showed for a change whose first run was green. */
export interface ConfirmedRuns {
  readonly reds: number
  readonly greens: number
  /** Which of them were of the failing tests alone; null: none. */
  readonly focus: FocusedRuns | null
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
  const counts: CountedRuns = { reds: firstReds(change, base), greens, focus: null }
  const rounds = [green]
  const steps = [
    () => judgesOfTheBase(session, change, { base, green, looks }, notShown),
    () => changeWithoutProduct(session, change),
    () => dataOfTheBase(session, change, looks, needs),
    () => pairs(session, change, { base, green, rounds, counts, notShown }),
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

/** The runs so far. */
interface CountedRuns {
  reds: number
  greens: number
  focus: FocusedRuns | null
}

interface PairsState {
  readonly base: Baseline
  readonly green: Round
  /** All green rounds of the whole suite. */
  readonly rounds: Round[]
  readonly counts: CountedRuns
  readonly notShown: string[]
}

/**
 * Runs further pairs, and one round with an added failing test. If the pairs are to be of the failing tests alone, that round
 * comes first: without it, nothing would watch the only whole run that is green.
 */
async function pairs(
  session: Proving,
  change: ChangeCandidate,
  { base, green, rounds, counts, notShown }: PairsState,
): Promise<Outcome | null> {
  const { failing } = base
  const added = (alone: boolean) => addedFailingTest(session, change, base.round, green, { notShown, alone })
  if (failing === null || !canFocus(base, change))
    return (await furtherPairs(session, change, base, counts, rounds)) ?? (await added(false))
  if (session.settings.focus === 'fast') notShown.push(UNWATCHED)
  else {
    const before = notShown.length
    const end = await added(true)
    if (end) return end
    if (notShown.length > before) return furtherPairs(session, change, base, counts, rounds)
  }
  const runs = { reds: 0, greens: 0 }
  const end = await pairsOfFailingTests(session, change, failing, runs)
  counts.reds += runs.reds
  counts.greens += runs.greens
  counts.focus = { targets: [...failing.targets], ...runs }
  return end
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
  { reds, greens, needs, focus, notShown }: ConfirmedRuns,
  what: 'patch' | 'change',
  programs: readonly string[],
): string {
  const runs = reds === 1 ? '1 run' : `all ${reds} runs`
  const first = [
    ...programs.map((path) => `${path} is both the command and the program, so nothing outside of it decided`),
    ...(needs.length > 0 ? [needsPhrase(needs)] : []),
    ...(notShown.includes(UNWATCHED) ? ['nothing watched the only whole run that was green (verify.focus: fast)'] : []),
  ]
  const only = focus ? `; after the first of each, only ${testsOf(focus)}` : ''
  return `${first.map((one) => `${one}; `).join('')}red in ${runs} without the ${what}, green in ${greens === 1 ? '1' : `all ${greens}`} with it${only}`
}

function testsOf({ targets }: FocusedRuns): string {
  return `the failing tests ran: ${targets.map(({ command }) => spellCommand(command)).join('; ')}`
}

function unguarded(count: number): string {
  const files = count === 1 ? '1 judge was' : `${count} judges were`
  return `${files} not read-only while the command ran, but only compared afterwards`
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

/** Whether the command was ended from outside, also as shells report it, so that its runner could not print its usual report. */
function cutOff({ execution: { ended } }: Measurement): boolean {
  return ended.how !== 'exited' || ended.code > 128
}
