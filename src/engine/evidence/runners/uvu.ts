import { blocksOf, firstWords } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { linesOf, placeOf, reportOf } from './lib/test-report.ts'

const TOTAL = /^ {2}Total: {5}\d+\n {2}Passed: {4}\d+\n {2}Skipped: {3}\d+$/m
const TITLE = /^ {3}FAIL {2}(?:(\S.*?) )?"(.+)"$/

/** https://github.com/lukeed/uvu: 'suite > test', from the blocks of failures. */
export default consoleRunner({
  kind: 'uvu',
  command: /\buvu\b/,
  shows: TOTAL,

  read(output) {
    const cases = blocksOf(linesOf(output), TITLE, /^ {2}Total: |^\S+\.[cm]?[jt]sx?$/).map(
      ({ title: [, suite, title = ''], body }) => {
        const place = body.flatMap((line) => (/^\s+at /.test(line) ? (placeOf(line) ?? []) : []))[0]
        // Blanks inside of values are printed as dots.
        const words = body.map((line) => line.replaceAll('·', ' '))
        const id = suite === undefined ? title : `${suite} > ${title}`
        return caseOf(id, 'failed', { message: firstWords(words), body: words, at: place })
      },
    )
    const sum = (word: string) =>
      [...output.matchAll(new RegExp(`^ {2}${word}: +(\\d+)$`, 'gm'))].reduce((all, [, n]) => all + Number(n), 0)
    // The total is without what was skipped.
    const [passed, skipped] = [sum('Passed'), sum('Skipped')]
    return reportOf('uvu', { passed, failed: sum('Total') - passed, errors: 0, skipped }, cases)
  },
})
