import { blocksOf, countIn, placeBy } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, reportOf } from './lib/test-report.ts'

const TOTAL = /^\d+ examples?, \d+ failures?(?:, \d+ pending)?(?:, \d+ errors? occurred outside of examples)?$/m
const TITLE = /^ {2,4}\d+(?:\.\d+)?\) (.+)$/
const ENDS = /^(?:Finished in |Failed examples:|Pending: |Failures:)/

/** https://rspec.info: 'Group does something', from the numbered failures; what passed is only counted. */
export default consoleRunner({
  kind: 'rspec',
  command: /\brspec\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const from = lines.indexOf('Failures:')
    const blocks = from === -1 ? [] : blocksOf(lines.slice(from), TITLE, ENDS)
    const cases = blocks.map(({ title: [, title = ''], body }) => {
      const raised = body.findIndex((line) => /^\s+Failure\/Error: /.test(line))
      const source = body[raised]?.trim()
      const words = body.slice(raised + 1).filter((line) => !/^\s+(?:# |\(compared using)/.test(line))
      return caseOf(title, 'failed', {
        message: words.find((line) => line.trim() !== ''),
        body: [...words, ...(source === undefined ? [] : [source])],
        at: placeBy(body, /^\s+# (\S+?\.rb):(\d+):/),
      })
    })
    const counts = lines
      .flatMap((line) => TOTAL.exec(line)?.[0] ?? [])
      .map((sum) => {
        const [failed, skipped] = [countIn(sum, 'failures?'), countIn(sum, 'pending')]
        const passed = countIn(sum, 'examples?') - failed - skipped
        return { passed, failed, errors: countIn(sum, 'errors? occurred'), skipped }
      })
      .reduce(addCounts, noCounts)
    return reportOf('rspec', counts, cases)
  },
})
