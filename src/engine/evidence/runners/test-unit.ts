import { blocksOf, countIn } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, reportOf } from './lib/test-report.ts'

const TOTAL = /^\d+ tests, \d+ assertions, \d+ failures, \d+ errors, \d+ pendings, \d+ omissions, \d+ notifications$/m
const HEADING = /^(?:Failure|Error): (.+?)\(([\w:]+)\)(?:: ?(.*))?$/
const PLACE = /^(\S+?\.rb):(\d+):in /

/** https://test-unit.github.io: 'Class#test', from the blocks between the rules. */
export default consoleRunner({
  kind: 'test-unit',
  command: /\btest-unit\b|\btestrb\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const cases = blocksOf(lines, HEADING, /^={20,}$/).map(({ title: [, name = '', group = '', said], body }) => {
      const words = body.filter((line) => !/^(?: {2}=> | {3,})\d+: |^diff:$|^\? /.test(line) && !PLACE.test(line))
      const [, file, line] = body.map((one) => PLACE.exec(one)).find((match) => match !== null) ?? []
      const place = file === undefined ? undefined : { file, line: Number(line) }
      return caseOf(`${group}#${name}`, 'failed', { message: said || words[0], body: words, at: place })
    })
    const counts = lines
      .flatMap((line) => TOTAL.exec(line)?.[0] ?? [])
      .map((sum) => {
        const failed = countIn(sum, 'failures') + countIn(sum, 'errors')
        const skipped = countIn(sum, 'pendings') + countIn(sum, 'omissions')
        return { passed: countIn(sum, 'tests') - failed - skipped, failed, errors: 0, skipped }
      })
      .reduce(addCounts, noCounts)
    return reportOf('test-unit', counts, cases)
  },
})
