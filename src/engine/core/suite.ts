import type { TestCase, TestReport } from '../model/evidence.ts'

/** What became of the tests between the red tree and the final one. */
export type SuiteChange =
  | { readonly ok: true; readonly flipped: readonly string[]; readonly same: number | null }
  | { readonly ok: false; readonly reason: string }

/**
 * Whether a green on the final tree is the suite that was red, now passing: nothing vanished, nothing newly skipped,
 * and what failed is what passes. A suite that was never counted (`red` null) cannot be compared.
 */
export function compareSuites(red: TestReport | null, final: TestReport | null): SuiteChange {
  if (!red) return { ok: true, flipped: [], same: final ? final.counts.passed : null }
  if (!final) return { ok: false, reason: `${red.runner} counted tests before the change and counts none after it` }
  return red.named && final.named ? compareNamed(red, final) : compareCounts(red, final)
}

/**
 * What a change's own version of the tests no longer runs, of those that the base's version ran on the same product; null where
 * nothing is known to be skipped anew.
 */
export function newlySkipped(old: TestReport | null, now: TestReport | null): string | null {
  if (!old || !now) return null
  if (!old.named || !now.named) {
    const fewer = now.counts.passed < old.counts.passed && now.counts.skipped > old.counts.skipped
    return fewer ? `tests became skipped: ${now.counts.skipped}, ${old.counts.skipped} by the base's own tests` : null
  }
  const off = outcomes(now.tests)
  const [id] = [...outcomes(old.tests)].find(([test, was]) => was === 'passed' && OFF.has(off.get(test) ?? '')) ?? []
  return id === undefined ? null : `test became skipped: ${id}`
}

function compareNamed(red: TestReport, final: TestReport): SuiteChange {
  const now = outcomes(final.tests)
  const before = outcomes(red.tests)
  for (const [id, was] of before) {
    const is = now.get(id)
    if (is === undefined && isTest(id, was)) return { ok: false, reason: `test vanished: ${id}` }
    if (is !== undefined && OFF.has(is) && !OFF.has(was)) return { ok: false, reason: `test became skipped: ${id}` }
    if (BAD.has(was) && is !== undefined && is !== 'passed')
      return { ok: false, reason: `test still does not pass: ${id}` }
  }
  const flipped = [...before].filter(([id, was]) => BAD.has(was) && now.get(id) === 'passed').map(([id]) => id)
  const same = [...before].filter(([id, was]) => was === 'passed' && now.get(id) === 'passed').length
  return { ok: true, flipped: flipped.sort(), same }
}

function compareCounts(red: TestReport, final: TestReport): SuiteChange {
  const [before, after] = [total(red), total(final)]
  if (after < before) return { ok: false, reason: `tests vanished: ${before} before the change, ${after} after it` }
  if (final.counts.skipped > red.counts.skipped)
    return {
      ok: false,
      reason: `tests became skipped: ${red.counts.skipped} before the change, ${final.counts.skipped} after it`,
    }
  if (final.counts.failed + final.counts.errors > 0)
    return { ok: false, reason: `the command ended well, but ${final.runner} reports failed tests` }
  const named = outcomes(final.tests)
  const still = red.tests.find((test) => BAD.has(test.outcome) && named.has(test.id) && named.get(test.id) !== 'passed')
  if (still) return { ok: false, reason: `test still does not pass: ${still.id}` }
  return {
    ok: true,
    flipped: red.tests.filter((test) => BAD.has(test.outcome)).map(({ id }) => id),
    same: red.counts.passed,
  }
}

const BAD: ReadonlySet<string> = new Set(['failed', 'error'])
const OFF: ReadonlySet<string> = new Set(['skipped', 'xfailed'])

/** Worst outcome per id: a test that passed and then broke in its teardown is no passed test. */
function outcomes(tests: readonly TestCase[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const { id, outcome } of tests) if (!map.has(id) || BAD.has(outcome)) map.set(id, outcome)
  return map
}

/** A file that could not be collected is reported under the file's name; when it can, its tests stand there instead. */
function isTest(id: string, outcome: string): boolean {
  return outcome !== 'error' || id.includes('::') || id.includes(' ')
}

/** Errors are left out: one test can both pass and break in its teardown, and a broken file hides how many it holds. */
function total(report: TestReport): number {
  return report.counts.passed + report.counts.failed + report.counts.skipped
}
