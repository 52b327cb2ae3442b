import type { TestCase, TestReport } from '../../model/evidence.ts'
import { placePasses } from './place-passes.ts'
import { findRenamedTests, type TestIdentity } from './renamed-tests.ts'
import { NO_MOVES } from './test-name-moves.ts'

/** What happened to the tests between the red tree and the final one. `unsure`: tests that were compared only by number. */
export type SuiteChange =
  | {
      readonly ok: true
      readonly flipped: readonly string[]
      readonly same: number | null
      readonly unsure: readonly string[]
    }
  | { readonly ok: false; readonly reason: string }

/**
 * Whether a green on the final tree is the suite that was red and now passes: no test vanished, no test is newly skipped, and
 * every test that failed passes. A suite that was never counted (`red` null) cannot be compared. `identity`: what is known
 * about the names in addition.
 */
export function compareSuites(
  red: TestReport | null,
  final: TestReport | null,
  identity: TestIdentity = NAMES_ALONE,
): SuiteChange {
  if (!red) return { ok: true, flipped: [], same: null, unsure: final ? [noneBefore(final)] : [] }
  if (!final) return { ok: false, reason: `${red.runner} counted tests without the change, but none with it` }
  return red.named && final.named ? compareNamed(red, final, identity) : compareCounts(red, final)
}

function noneBefore({ counts: { passed } }: TestReport): string {
  return `no test ran without the change; with it ${passed === 1 ? '1 ran and is green' : `${passed} ran and are green`}`
}

/**
 * What a change's own version of the tests no longer checks, although the base's version checked it on the same product and
 * it passed: a test that vanished or became skipped; null for nothing. A test with the same name in another file has only
 * moved, and one that was split into cases lives on in them.
 */
export function firstLostTest(old: TestReport | null, now: TestReport | null): string | null {
  if (!old || !now) return null
  return old.named && now.named ? lostByName(outcomes(old.tests), outcomes(now.tests)) : lostByCount(old, now)
}

function lostByName(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string | null {
  const fresh = [...after].flatMap(([id, is]) => (is === 'passed' && !before.has(id) ? [id] : []))
  const moved = new Map<string, number>()
  for (const id of fresh) moved.set(nameOf(id), (moved.get(nameOf(id)) ?? 0) + 1)
  for (const [id, was] of before) {
    if (was !== 'passed') continue
    const is = after.get(id)
    if (is !== undefined && OFF.has(is)) return `test became skipped: ${id}`
    if (is !== undefined || fresh.some((one) => isCaseOf(one, id))) continue
    const elsewhere = moved.get(nameOf(id)) ?? 0
    if (elsewhere === 0) return `test vanished: ${id}`
    moved.set(nameOf(id), elsewhere - 1)
  }
  return null
}

function lostByCount(old: TestReport, now: TestReport): string | null {
  if (total(now) < total(old))
    return `tests vanished: ${total(now)} ran with the tests of the change, but ${total(old)} with the base's own tests`
  const fewer = now.counts.passed < old.counts.passed && now.counts.skipped > old.counts.skipped
  return fewer
    ? `tests became skipped: ${now.counts.skipped} with the tests of the change, but ${old.counts.skipped} with the base's own tests`
    : null
}

/** Whether a test is a case or a part of another: `name[…]` of pytest, `name > …` of suites, `name (…)` of subtests, `name/…` of Go. */
function isCaseOf(id: string, whole: string): boolean {
  return id.startsWith(whole) && /^(?:\[| > | › | \(|\/)/.test(id.slice(whole.length))
}

/** The name of a test without its file; it stays the same if the file is renamed. */
function nameOf(id: string): string {
  return id.replace(/^\S*\.[A-Za-z]+(?:::| > | › )/, '')
}

const NAMES_ALONE: TestIdentity = { moves: NO_MOVES, insteadOf: new Map() }

function compareNamed(red: TestReport, final: TestReport, { moves, insteadOf }: TestIdentity): SuiteChange {
  const now = outcomes(final.tests)
  const before = outcomes(red.tests)
  for (const [id, was] of before) {
    const is = now.get(id)
    if (is !== undefined && OFF.has(is) && !OFF.has(was)) return { ok: false, reason: `test became skipped: ${id}` }
    if (BAD.has(was) && is !== undefined && is !== 'passed') return { ok: false, reason: `test still fails: ${id}` }
  }
  const gone = [...before].filter(([id, was]) => !now.has(id) && !OFF.has(was))
  const others = [...before].filter(([id]) => !insteadOf.has(id)).map(([id]) => id)
  const passed = [...now].flatMap(([id, is]) => (is === 'passed' ? id : []))
  const gaveWay = (id: string) => {
    const place = insteadOf.get(id)
    return place !== undefined && placePasses(place, others, passed)
  }
  const missing = gone.filter(([id, was]) => !gaveWay(id) && isTest(id, was))
  const fresh = new Set([...now].flatMap(([id, is]) => (is === 'passed' && !before.has(id) ? id : [])))
  const found = findRenamedTests(
    missing.map(([id, was]) => ({ id, failed: BAD.has(was) })),
    fresh,
    moves,
  )
  if (!found.ok) return found
  const flipped = [...before].filter(([id, was]) => BAD.has(was) && now.get(id) === 'passed').map(([id]) => id)
  const same = [...before].filter(([id, was]) => was === 'passed' && now.get(id) === 'passed').length
  return {
    ok: true,
    flipped: [...flipped, ...found.flipped].sort(),
    same: same + found.same,
    unsure: found.unsure,
  }
}

/**
 * Used if a run did not list all tests by name. A red run that stopped early, for example while it loaded, did not reach all
 * tests: only tests that it reached can have vanished, and the others may be skipped.
 */
function compareCounts(red: TestReport, final: TestReport): SuiteChange {
  const [before, after] = [total(red), total(final)]
  if (after < before) return { ok: false, reason: `tests vanished: ${before} before the change, ${after} after it` }
  const skips = final.counts.skipped - red.counts.skipped
  if (skips > 0 && (skips > after - before || final.counts.passed <= red.counts.passed))
    return {
      ok: false,
      reason: `tests became skipped: ${red.counts.skipped} before the change, ${final.counts.skipped} after it`,
    }
  if (final.counts.failed + final.counts.errors > 0)
    return { ok: false, reason: `the command ended with exit status 0, but ${final.runner} reports failed tests` }
  const named = outcomes(final.tests)
  const still = red.tests.find((test) => BAD.has(test.outcome) && named.has(test.id) && named.get(test.id) !== 'passed')
  if (still) return { ok: false, reason: `test still fails: ${still.id}` }
  return {
    ok: true,
    flipped: red.tests.filter((test) => BAD.has(test.outcome)).map(({ id }) => id),
    same: red.counts.passed,
    unsure: [],
  }
}

const BAD: ReadonlySet<string> = new Set(['failed', 'error'])
const OFF: ReadonlySet<string> = new Set(['skipped', 'xfailed'])

/** The worst outcome for each id: a test that passed and then failed in its teardown has not passed. */
function outcomes(tests: readonly TestCase[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const { id, outcome } of tests) if (!map.has(id) || BAD.has(outcome)) map.set(id, outcome)
  return map
}

/** A file that could not be loaded is reported under its own name; once it can be loaded, its tests are reported instead. */
function isTest(id: string, outcome: string): boolean {
  return outcome !== 'error' || id.includes('::') || id.includes(' ')
}

/**
 * Errors are not counted: one test can both pass and fail in its teardown, and a broken file hides how many tests it
 * contains.
 */
function total(report: TestReport): number {
  return report.counts.passed + report.counts.failed + report.counts.skipped
}
