import type { GateFailure, GateFinding, GateWord } from '../../model/gate.ts'
import type { OldFailures } from '../../model/policy-values.ts'
import { stepOf } from '../../model/run-purpose.ts'
import type { RunSummary, SessionResult } from '../../model/session.ts'
import { letGo, OUTPUT, sendBack } from './findings.ts'
import { listNames } from './list-names.ts'

/** What is known besides the result of the session that proved the change. */
export interface StopFacts {
  /** Whether the targets could be run when the agent began; null: nobody looked. */
  readonly baseRan: boolean | null
  /** What is done about tests that fail as on the base. */
  readonly oldFailures: OldFailures
  /** Whether the policy takes a change that no test shows and that keeps all tests green. */
  readonly takesRefactoring: boolean
  /** Paths of the change: those that decide, the others, those of the others that are code, and those that run by themselves. */
  readonly judges: readonly string[]
  readonly product: readonly string[]
  readonly code: readonly string[]
  readonly automatic: readonly string[]
  /** Files of the change that are both the command and the program, so that nothing outside of them decides. */
  readonly programs: readonly string[]
  /** Tests that failed on the base, too, but with another kind of exception. */
  readonly failedOtherwise: readonly string[]
  /** What the failing command printed, as a proposer would see it. */
  readonly excerpt: string
}

/** Verdicts that say nothing about the change: the command could not be run, or its runs disagree. */
const COULD_NOT_TELL: ReadonlySet<string> = new Set(['FLAKY', 'INVALID_RED', 'NOT_RUN', 'NO_EFFECT'])

/** What a session's verdict means to the agent that made the change. Pure. */
export function findingOf(result: SessionResult, facts: StopFacts): GateFinding {
  const finding = meaning(result, facts)
  if (facts.automatic.length === 0) return finding
  const first = `the change edits ${listNames(facts.automatic)}, which decides or runs by itself; `
  return { ...finding, reason: `${first}${finding.reason}` }
}

function meaning(result: SessionResult, facts: StopFacts): GateFinding {
  const { verdict, session } = result
  const now = failingIn(result.runs, ['change'])
  const go: Go = (word, reason = result.reason) => letGo(word, reason, session)
  const back: Back = (word, reason, failures = []) =>
    sendBack(word, reason, { failure: [word, ...now].join('\n'), failures, session })
  const [program] = facts.programs
  if (verdict === 'PROVED' && program !== undefined)
    return back(
      'NOT_RED',
      `${program} is both the command and the program: add a test of its own that shows the change`,
    )
  if (verdict === 'PROVED') return go('PROVED')
  if (verdict === 'PRESERVED') {
    if (facts.takesRefactoring) return go('PRESERVED')
    return back('PRESERVED', 'the policy takes fixes alone: add a test that fails without the change')
  }
  if (verdict === 'NOT_RED') return noRed(result, facts, go, back)
  // Whoever proposes a change never learns what the separate commands are.
  if (separateFailed(result.runs)) return back('NOT_FIXED', 'a separate check fails')
  if (verdict === 'NOT_FIXED' || isOld(now, failingOnBase(result.runs, facts))) return notFixed(result, facts, go, back)
  if (COULD_NOT_TELL.has(verdict)) return couldNotTell(result, facts, go, back)
  if (verdict === 'TESTS_CHANGED' || verdict === 'RIGGED' || verdict === 'DENIED')
    return back(verdict, `${whatToUndo(result, facts)}${result.reason}`)
  return go('UNPROVED', `could not tell: ${result.reason}`)
}

/** What the agent has to take back. How a person could allow it is none of its business. */
function whatToUndo({ verdict, expectations, attempts }: SessionResult, { judges }: StopFacts): string {
  if (verdict === 'DENIED') {
    const paths = attempts.flatMap(({ refusals }) => refusals.flatMap(({ path }) => path ?? []))
    return paths.length === 0 ? '' : `take your change of ${listNames([...new Set(paths)])} back: `
  }
  const lines = (expectations?.changed ?? []).map(({ path, line }) => `${path}:${line}`)
  const places = lines.length > 0 ? lines : judges
  return places.length === 0
    ? ''
    : `put back what the tests asked for (${listNames(places)}) and change the code instead: `
}

type Go = (word: GateWord, reason?: string) => GateFinding
type Back = (word: GateWord, reason: string, failures?: readonly GateFailure[]) => GateFinding

function noRed(result: SessionResult, { code, judges }: StopFacts, go: Go, back: Back): GateFinding {
  if (code.length > 0) {
    const what = 'add a test that fails without it and passes with it'
    return back('NOT_RED', `no test shows this change (${listNames(code)}): ${what}; ${result.reason}`)
  }
  // Nothing is let go that did not run.
  if (!result.runs.some(({ on, reading }) => stepOf(on)?.is === 'change' && reading.is === 'green'))
    return back('NOT_RED', result.reason)
  if (judges.length > 0) return go('NO_TARGET', 'only tests were added, and they pass with the code as it is')
  return go('NO_TARGET', 'no test can show the files of this change, and the tests pass with it')
}

function notFixed(result: SessionResult, facts: StopFacts, go: Go, back: Back): GateFinding {
  const { product, excerpt, oldFailures } = facts
  const now = failingIn(result.runs, ['change'])
  const before = failingOnBase(result.runs, facts)
  const message = (id: string) => result.failures.find((one) => one.id === id)?.message ?? ''
  const named = now.map((id) => ({ id, message: message(id) }))
  const shown = excerpt === '' ? named : [...named, { id: OUTPUT, message: excerpt }]
  if (isOld(now, before)) {
    const what = now.length === 1 ? '1 test fails' : `${now.length} tests fail`
    if (oldFailures === 'remark') return go('OLD_FAILURES', `no new failures; ${what} as before`)
    if (oldFailures === 'block') return back('NOT_FIXED', `${what} as before you began; mend them`, shown)
    const reason = `${what} as before you began. If mending them is your task, it is not done; otherwise stop again`
    return back('OLD_FAILURES', reason, shown)
  }
  const fresh = before === null ? now : now.filter((id) => !before.has(id))
  if (product.length === 0 && fresh.length > 0)
    return go('TESTS_FIRST', 'the new tests fail, and nothing else has changed yet')
  const which = fresh.length === 0 ? `: ${result.reason}` : `: ${listNames(fresh)}`
  return back('NOT_FIXED', `the command fails with your change${which}`, shown)
}

/** Whether all that fails now failed on the base as well. */
function isOld(now: readonly string[], before: ReadonlySet<string> | null): boolean {
  return now.length > 0 && before !== null && now.every((id) => before.has(id))
}

function couldNotTell(result: SessionResult, { baseRan }: StopFacts, go: Go, back: Back): GateFinding {
  const base = baseReadings(result.runs)
  const disagrees = base.includes('green') && base.includes('red')
  const ranNow = base.includes('green') || base.includes('red')
  if (disagrees || (!ranNow && baseRan !== true)) return go('UNPROVED', `could not tell: ${withMend(result)}`)
  const when = ranNow ? 'without your change, and not with it' : 'when you began, and not now'
  return back(result.verdict as GateWord, `the command could be run ${when}: ${withMend(result)}`)
}

/** What the runs of the base's own tree, and of the base with the tests of the change, came to. */
function baseReadings(runs: readonly RunSummary[]): readonly string[] {
  return runs.flatMap(({ on, reading }) => (isBase(on) ? [reading.is] : []))
}

function isBase(on: string): boolean {
  const step = stepOf(on)
  return step !== null && ['base', 'base-judges', 'base-tests', 'red'].includes(step.is)
}

/** The tests that fail on the base with its own judges as they fail now; null: it was not run, or no test was named. */
function failingOnBase(
  runs: readonly RunSummary[],
  { failedOtherwise }: Pick<StopFacts, 'failedOtherwise'>,
): ReadonlySet<string> | null {
  const own = runs.some(({ on }) => stepOf(on)?.is === 'base-judges')
  const ran = own || runs.some(({ on }) => stepOf(on)?.is === 'base')
  if (!ran) return null
  return new Set(failingIn(runs, [own ? 'base-judges' : 'base']).filter((id) => !failedOtherwise.includes(id)))
}

function separateFailed(runs: readonly RunSummary[]): boolean {
  return runs.some(({ on, reading }) => stepOf(on)?.is.startsWith('also') === true && reading.is !== 'green')
}

/** The tests that failed in the runs of these steps. */
function failingIn(runs: readonly RunSummary[], steps: readonly string[]): readonly string[] {
  const failing = runs.flatMap(({ on, reading }) =>
    steps.includes(stepOf(on)?.is ?? '') && reading.is === 'red' ? reading.failing : [],
  )
  return [...new Set(failing)].sort()
}

function withMend({ reason, mend }: SessionResult): string {
  return mend === null ? reason : `${reason}; ${mend}`
}
