import { blocksOf, countIn, placeBy } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, reportOf } from './lib/test-report.ts'

const TOTAL = /^\d+ (?:runs|tests), \d+ assertions, \d+ failures, \d+ errors, \d+ skips$/m
const HEADING = /^(?: +\d+\) )?(Failure|Error):$/
const ENDS = /^(?: +\d+\) Skipped:|\d+ runs, |bin\/rails test |rails test |Finished in )/
const VERBOSE = /^(\S+#.+) = \d+\.\d+ s = ([.SFE])$/
const OUTCOMES = { '.': 'passed', S: 'skipped', F: 'failed', E: 'failed' } as const

/** https://github.com/minitest/minitest, also under Rails: 'Class#test'. An exception in a test is a failed test. */
export default consoleRunner({
  kind: 'minitest',
  command: /\bminitest\b|\brails test\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const verbose = lines.flatMap((line) => {
      const [, id, mark] = VERBOSE.exec(line) ?? []
      return id === undefined ? [] : [caseOf(id, OUTCOMES[mark as keyof typeof OUTCOMES])]
    })
    const failures = blocksOf(lines, HEADING, ENDS).flatMap(({ body }) => {
      const [, id, file, at] = /^(\S+#.+?)(?: \[(.+):(\d+)\])?:$/.exec(body[0] ?? '') ?? []
      if (id === undefined) return []
      const words = body.slice(1)
      const place = file === undefined ? placeBy(words, /^\s+(\S+?\.rb):(\d+):in /) : { file, line: Number(at) }
      return [caseOf(id, 'failed', { message: words.find((line) => line.trim() !== ''), body: words, at: place })]
    })
    const counts = lines
      .flatMap((line) => TOTAL.exec(line)?.[0] ?? [])
      .map((sum) => {
        const [failed, skipped] = [countIn(sum, 'failures') + countIn(sum, 'errors'), countIn(sum, 'skips')]
        return { passed: countIn(sum, 'runs|tests') - failed - skipped, failed, errors: 0, skipped }
      })
      .reduce(addCounts, noCounts)
    return reportOf('minitest', counts, [...verbose, ...failures])
  },
})
