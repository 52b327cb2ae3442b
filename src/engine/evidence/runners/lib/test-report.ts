import type { TestCase, TestOutcome, TestReport } from '../../../model/evidence.ts'

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

/** What a list of cases amounts to: an expected failure did not pass, so it counts as skipped; an unexpected pass passed. */
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

/** One case per id, in the order they came: the worst outcome wins, gaps are filled from the others. */
export function mergeCases(cases: readonly TestCase[]): TestCase[] {
  const merged = new Map<string, TestCase>()
  for (const one of cases) {
    const known = merged.get(one.id)
    const worse = known === undefined || SEVERITY.indexOf(one.outcome) > SEVERITY.indexOf(known.outcome)
    merged.set(one.id, worse ? { ...known, ...one } : { ...one, ...known })
  }
  return [...merged.values()]
}

/** A report whose cases are merged; `named` unless it is said: as many ids as tests were counted. */
export function reportOf(
  runner: string,
  counts: ReportCounts,
  cases: readonly TestCase[],
  named = mergeCases(cases).length >= counts.passed + counts.failed + counts.skipped,
): TestReport {
  return { runner, counts, tests: mergeCases(cases), named: named && cases.length > 0 }
}

/** A case without undefined keys, the message cut to its first line and 300 characters. */
export function caseOf(
  id: string,
  outcome: TestOutcome,
  more: {
    message?: string | undefined
    at?: { readonly file: string; readonly line: number } | undefined
  } = {},
): TestCase {
  const message = more.message?.trim().split('\n', 1)[0]?.slice(0, 300)
  return { id, outcome, ...(message ? { message } : {}), ...(more.at ?? {}) }
}

/** For failing cases what `beginning` says of them, without those of which it says null. */
export function insteadOf(cases: readonly TestCase[], beginning: (id: string) => string | null): Map<string, string> {
  const places = new Map<string, string>()
  for (const { id, outcome } of cases) {
    const found = outcome === 'failed' || outcome === 'error' ? beginning(id) : null
    if (found !== null) places.set(id, found)
  }
  return places
}

/** A suite whose hook or body failed has the name that stands before its tests: 'suite' for 'suite > test'. */
export function suitesOf(cases: readonly TestCase[]): Map<string, string> {
  return insteadOf(cases, (id) => `${id} > `)
}

/** The lines of an output, each cut to a length that keeps every pattern cheap. */
export function linesOf(output: string): string[] {
  return output.split('\n').map((line) => (line.length > 2000 ? line.slice(0, 2000) : line))
}

const FRAME = /(?:^|[\s('"])(?:file:\/\/)?((?:[A-Za-z]:[\\/])?[^\s():]+\.[\w]+):(\d+)(?::\d+)?\)?$/

/** The place that a stack frame or a 'path:line[:column]' line names, unless it lies in a runtime or a dependency. */
export function placeOf(line: string): { file: string; line: number } | undefined {
  const [, file, at] = FRAME.exec(line.trimEnd()) ?? []
  if (file === undefined || at === undefined) return undefined
  return /(?:^|\/)node_modules\/|^node:|site-packages|\/lib\/python\d/.test(file)
    ? undefined
    : { file, line: Number(at) }
}
