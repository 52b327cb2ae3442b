import type { Execution, Reading, TestCase, TestReport } from '../../model/evidence.ts'
import { describeMetBound } from '../bounds/index.ts'

export interface ReadingRules {
  /** A command that runs longer than this many ms hangs and is red; null = no such limit. */
  readonly hangAfterMs: number | null
  /** Why this end is not the verdict of a test, as found by the code that knows runners and languages. */
  readonly invalid: { readonly reason: string; readonly mend: string } | null
  readonly tests: TestReport | null
  /** The most informative line of the output. */
  readonly headline: string
}

/** What one execution means. The way it ended decides; what it printed can only lower its value, never raise it. */
export function readExecution(execution: Execution, rules: ReadingRules): Reading {
  const { ended } = execution
  switch (ended.how) {
    case 'not-run':
      if (rules.invalid) return { is: 'invalid', ...rules.invalid }
      return { is: 'undecided', reason: ended.reason }
    case 'limited':
      return { is: 'undecided', reason: describeMetBound(ended) }
    case 'timed-out':
      if (ended.limit !== 'hang-after')
        return {
          is: 'undecided',
          reason: `the command did not end within ${formatSeconds(ended.afterMs)} (${ended.limit} limit)`,
        }
      return {
        is: 'red',
        reason: `hung: the command had not ended after ${formatSeconds(ended.afterMs)}`,
        failing: failingTestIds(rules.tests),
      }
    case 'signalled':
      if (rules.invalid) return { is: 'invalid', ...rules.invalid }
      return { is: 'red', reason: `killed by ${ended.signal}`, failing: failingTestIds(rules.tests) }
    case 'exited':
      if (rules.invalid) return { is: 'invalid', ...rules.invalid }
      if (ended.code !== 0)
        return { is: 'red', reason: reason(rules, ended.code), failing: failingTestIds(rules.tests) }
      if (rules.hangAfterMs !== null && execution.durationMs > rules.hangAfterMs / 2)
        return {
          is: 'red',
          reason: `the command passed, but took ${formatSeconds(execution.durationMs)}, which is more than half of the time that counts as hanging`,
          failing: [],
        }
      return { is: 'green' }
  }
}

/** Why the first failing test failed, in its own message; the headline may belong to another test. */
function reason({ tests, headline }: ReadingRules, code: number): string {
  const [first, second] = failingTestIds(tests)
  const message = tests?.tests.find(({ id, message }) => id === first && message)?.message
  if (message !== undefined) return message
  return (second === undefined ? headline : first) || `exit status ${code}`
}

/** The tests that failed, in the order of the report. */
export function failingTests(report: TestReport | null): readonly TestCase[] {
  return report?.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error') ?? []
}

/** Ids of the tests that failed, sorted. */
export function failingTestIds(report: TestReport | null): string[] {
  return [...new Set(failingTests(report).map(({ id }) => id))].sort()
}

export function formatSeconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}
