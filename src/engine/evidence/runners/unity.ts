import type { TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { addCounts, caseOf, linesOf, noCounts, type ReportCounts, reportOf } from './lib/test-report.ts'

const RESULT = /^(\S.*?):(\d+):([^:]+):(PASS|FAIL|IGNORE)(?:: ?(.*))?$/
const TOTAL = /^(\d+) Tests (\d+) Failures (\d+) Ignored\s*$/
const OUTCOMES: Readonly<Record<string, TestOutcome>> = { PASS: 'passed', FAIL: 'failed', IGNORE: 'skipped' }

function countsOf(lines: readonly string[]): ReportCounts | null {
  let counts: ReportCounts | null = null
  for (const line of lines) {
    const [all, ...numbers] = TOTAL.exec(line) ?? []
    if (all === undefined) continue
    const [tests = 0, failed = 0, skipped = 0] = numbers.map(Number)
    counts = addCounts(counts ?? noCounts, { passed: tests - failed - skipped, failed, errors: 0, skipped })
  }
  return counts
}

/** Unity for C (https://www.throwtheswitch.org/unity): 'file:line:test:FAIL: Expected 3 Was 4', one sum for each program. */
export default {
  kind: 'unity',

  recognises: (_command, output) => linesOf(output).some((line) => TOTAL.test(line)),

  read(output) {
    const lines = linesOf(output)
    const counts = countsOf(lines)
    const cases = lines.flatMap((line) => {
      const [, file, at, name, status = '', told] = RESULT.exec(line) ?? []
      if (file === undefined || name === undefined) return []
      const more = status === 'FAIL' ? { message: `FAIL: ${told ?? ''}`, at: { file, line: Number(at) } } : {}
      return [caseOf(`${file} > ${name}`, OUTCOMES[status] ?? 'failed', more)]
    })
    return counts && reportOf('unity', counts, cases)
  },

  invalid(output, { ended }) {
    const counts = ended.how === 'exited' ? countsOf(linesOf(output)) : null
    return counts && counts.passed + counts.failed + counts.skipped === 0
      ? { reason: 'Unity ran no tests', mend: 'name a program that runs tests' }
      : null
  },

  testListing: () => null,

  /** A test runs only if `main` names it, so none can be added. */
  addFailingTest: () => null,
} satisfies Runner
