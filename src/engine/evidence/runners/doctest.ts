import type { TestCase } from '../../model/evidence.ts'
import { blocksOf, countIn } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, reportOf } from './lib/test-report.ts'

const TOTAL = /^\[doctest\] test cases: +\d+ \| +\d+ passed \| +\d+ failed \| +\d+ skipped$/m
const ERROR = /^(.+?)[:(](\d+)\)?: (?:FATAL )?ERROR: (.*)$/

/** A block begins with a rule; it holds the suite, the test case and its subcases, then what it found. */
function casesOf(lines: readonly string[]): TestCase[] {
  return blocksOf(lines, /^={60,}$/, /^\[doctest\] test cases/).flatMap(({ body }) => {
    const at = body.findIndex((line) => ERROR.test(line))
    const named = body.findIndex((line) => /^(?:TEST CASE|SCENARIO): /.test(line))
    if (at === -1 || named === -1) return []
    const names = body
      .slice(named, at)
      .map((line) => line.replace(/^TEST CASE: /, '').trim())
      .filter((line) => line !== '')
    const [, file = '', line, said = ''] = ERROR.exec(body[at] ?? '') ?? []
    const rest = body.slice(at + 1).filter((one) => !/^\s*values: *$/.test(one))
    return [caseOf(names.join(' > '), 'failed', { message: said, body: rest, at: { file, line: Number(line) } })]
  })
}

/** https://github.com/doctest/doctest, for C++. */
export default consoleRunner({
  kind: 'doctest',
  command: /\bdoctest_discover_tests\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const counts = lines
      .flatMap((line) => TOTAL.exec(line)?.[0] ?? [])
      .map((sum) => ({
        passed: countIn(sum, 'passed'),
        failed: countIn(sum, 'failed'),
        errors: 0,
        skipped: countIn(sum, 'skipped'),
      }))
      .reduce(addCounts, noCounts)
    return reportOf('doctest', counts, casesOf(lines))
  },
})
