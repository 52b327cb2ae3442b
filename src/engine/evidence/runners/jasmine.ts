import { blocksOf, countIn, firstWords } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, placeOf, reportOf } from './lib/test-report.ts'

const TOTAL = /^(?:Executed \d+ of )?\d+ specs?, \d+ failures?(?:, \d+ pending specs?)?\.?$/m
const TITLE = /^\d+\) (.+)$/
const ENDS = /^(?:\d+ specs?, |Executed \d+ of |Pending:$|Suite error)/

/** https://jasmine.github.io: the titles of suites and spec in one line, from the list of failures. */
export default consoleRunner({
  kind: 'jasmine',
  command: /\bjasmine\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const from = lines.indexOf('Failures:')
    const blocks = from === -1 ? [] : blocksOf(lines.slice(from), TITLE, ENDS)
    const cases = blocks.map(({ title: [, title = ''], body }) => {
      const said = body.findIndex((line) => /^ +Message:$/.test(line))
      const stack = body.findIndex((line) => /^ +Stack:$/.test(line))
      const words = body.slice(said + 1, stack === -1 ? body.length : stack)
      const place = body.flatMap((line) => (/^\s+at /.test(line) ? (placeOf(line) ?? []) : []))[0]
      return caseOf(title, 'failed', { message: firstWords(words), body: words, at: place })
    })
    const counts = lines
      .flatMap((line) => TOTAL.exec(line)?.[0] ?? [])
      .map((sum) => {
        const [failed, skipped] = [countIn(sum, 'failures?'), countIn(sum, 'pending')]
        return { passed: countIn(sum, 'specs?') - failed - skipped, failed, errors: 0, skipped }
      })
      .reduce(addCounts, noCounts)
    return reportOf('jasmine', counts, cases)
  },
})
