import type { TestReport } from '../../model/evidence.ts'

/**
 * The report with the first lines of its messages. Verdicts compare these, and records keep them: whole messages also hold what
 * differs between runs, and what a failed test prints.
 */
export function withFirstLines(report: TestReport): TestReport {
  return {
    ...report,
    tests: report.tests.map(({ message, ...one }) =>
      message === undefined ? one : { ...one, message: message.split('\n', 1)[0] ?? '' },
    ),
  }
}
