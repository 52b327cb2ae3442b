import type { TestCase, TestOutcome, TestReport } from '../../../model/evidence.ts'

export { caseOf } from './case-of.ts'
export { placeOf } from './place-of.ts'

export type ReportCounts = TestReport['counts']

export const noCounts: ReportCounts = { passed: 0, failed: 0, errors: 0, skipped: 0 }

export function addCounts(a: ReportCounts, b: ReportCounts): ReportCounts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    errors: a.errors + b.errors,
    skipped: a.skipped + b.skipped,
  }
}

/**
 * The counts of a list of cases. An expected failure did not pass, so it counts as skipped; an unexpected pass counts as
 * passed.
 */
export function countCases(cases: readonly TestCase[]): ReportCounts {
  const counts = { ...noCounts }
  for (const { outcome } of cases) {
    if (outcome === 'passed' || outcome === 'xpassed') counts.passed++
    else if (outcome === 'failed') counts.failed++
    else if (outcome === 'error') counts.errors++
    else counts.skipped++
  }
  return counts
}

const SEVERITY: readonly TestOutcome[] = ['skipped', 'xfailed', 'passed', 'xpassed', 'error', 'failed']

/** One case for each id, in their order: the worst outcome is kept, and missing details are filled in from the others. */
export function mergeCases(cases: readonly TestCase[]): TestCase[] {
  const merged = new Map<string, TestCase>()
  for (const one of cases) {
    const known = merged.get(one.id)
    const worse = known === undefined || SEVERITY.indexOf(one.outcome) > SEVERITY.indexOf(known.outcome)
    merged.set(one.id, worse ? { ...known, ...one } : { ...one, ...known })
  }
  return [...merged.values()]
}

/** A report with merged cases. Unless it is given, `named` is true if there are as many ids as counted tests. */
export function reportOf(
  runner: string,
  counts: ReportCounts,
  cases: readonly TestCase[],
  named = mergeCases(cases).length >= counts.passed + counts.failed + counts.skipped,
): TestReport {
  return { runner, counts, tests: mergeCases(cases), named: named && cases.length > 0 }
}

/** The failing cases with the result of `beginning`; cases for which it returns null are left out. */
export function insteadOf(cases: readonly TestCase[], beginning: (id: string) => string | null): Map<string, string> {
  const places = new Map<string, string>()
  for (const { id, outcome } of cases) {
    const found = outcome === 'failed' || outcome === 'error' ? beginning(id) : null
    if (found !== null) places.set(id, found)
  }
  return places
}

/** If a hook or the body of a suite failed, its name is the prefix of the suite's tests: 'suite' for 'suite > test'. */
export function suitesOf(cases: readonly TestCase[]): Map<string, string> {
  return insteadOf(cases, (id) => `${id} > `)
}

/** The lines of an output, each cut to a length for which every pattern is fast. */
export function linesOf(output: string): string[] {
  return output.split('\n').map((line) => (line.length > 2000 ? line.slice(0, 2000) : line))
}
