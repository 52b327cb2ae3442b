import type { TestCase } from '../../model/evidence.ts'
import { countIn } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, reportOf } from './lib/test-report.ts'

const TOTAL = /^(?:test cases: +\d+ \|.*|All tests passed \(.* in (\d+) test cases?\)|No tests ran)$/m
const RULE = /^-{60,}$/
const DOTS = /^\.{60,}$/
const FAILED = /^(.+?):(\d+): FAILED:(?: (.*))?$/

/**
 * Between two rules stand the names of a test case and of its sections, below them their place and its failed assertions, until
 * the next rule: 'test > section'.
 */
function casesOf(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  let names: string[] = []
  let inHead = false
  for (const [at, line] of lines.entries()) {
    if (RULE.test(line)) {
      inHead = !inHead
      if (inHead) names = []
    } else if (DOTS.test(line)) inHead = false
    else if (inHead) names.push(line.trim())
    const [, file, row] = FAILED.exec(line) ?? []
    if (file === undefined || names.length === 0) continue
    const rest = lines.slice(at + 1, at + 60)
    const end = rest.findIndex((one) => RULE.test(one) || /^={60,}$/.test(one) || FAILED.test(one))
    const body = rest.slice(0, end === -1 ? rest.length : end).filter((one) => !DOTS.test(one))
    const blank = body.findIndex((one, index) => index > 1 && one === '' && !/:$/.test(body[index - 1] ?? ''))
    const words = blank === -1 ? body : body.slice(0, blank)
    const message = words
      .map((one) => one.trim())
      .filter((one) => one !== '' && !/^(?:with expansion|due to unexpected exception with message):$/.test(one))
    const told = { message: message[0], body: message.slice(1), at: { file, line: Number(row) } }
    cases.push(caseOf(names.join(' > '), 'failed', told))
  }
  return cases
}

/** https://github.com/catchorg/Catch2 */
export default consoleRunner({
  kind: 'catch2',
  command: /\bcatch2?_(?:discover_)?tests?\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const counts = lines
      .flatMap((line) => {
        const [sum, all] = TOTAL.exec(line) ?? []
        if (sum === undefined) return []
        const skipped =
          countIn(sum.replaceAll('|', ''), 'skipped') + countIn(sum.replaceAll('|', ''), 'failed as expected')
        if (all !== undefined) return [{ passed: Number(all), failed: 0, errors: 0, skipped: 0 }]
        return [{ passed: countIn(sum, 'passed'), failed: countIn(sum, 'failed(?! as)'), errors: 0, skipped }]
      })
      .reduce(addCounts, noCounts)
    return reportOf('catch2', counts, casesOf(lines))
  },
})
