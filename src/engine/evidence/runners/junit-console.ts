import { blocksOf } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { linesOf, reportOf } from './lib/test-report.ts'

const TOTAL = /^\[ +\d+ tests found +\]$/m
const TITLE = /^ {2}JUnit (?:Jupiter|Vintage|Platform Suite):(.+)$/
const FRAME = /^\s+(?:[\w.]+\/)?((?:[\w$]+\.)*[\w$]+)\.[\w$<>]+\((\w+\.(?:java|kt|scala|groovy)):(\d+)\)$/
/** Frames of the runner and of the language itself. */
const FOREIGN =
  /^(?:java|javax|jdk|sun|kotlin|scala|groovy|org\.(?:junit|opentest4j|hamcrest|assertj|mockito|apiguardian))\./

/** The console of the JUnit platform: 'Class > test()', from the list of failures. */
export default consoleRunner({
  kind: 'junit-console',
  command: /\bjunit-platform-console\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const cases = blocksOf(lines, TITLE, /^(?:Test run finished after|Failures \()/).map(
      ({ title: [, title = ''], body }) => {
        const words = body
          .filter(
            (line) =>
              !FRAME.test(line) &&
              !/^\s+(?:\w+Source \[|\[\.{3}\]|[\w.$/]+\((?:Native Method|Unknown Source)\))/.test(line),
          )
          .map((line) => line.replace(/^\s+=> /, ''))
        const frames = body.map((line) => FRAME.exec(line)).filter((frame) => frame !== null)
        const [, owner = '', file, line] = frames.find(([, name = '']) => !FOREIGN.test(name)) ?? []
        const folder = owner.split('.').slice(0, -1).join('/')
        const place =
          file === undefined ? undefined : { file: folder === '' ? file : `${folder}/${file}`, line: Number(line) }
        return caseOf(title.replaceAll(':', ' > '), 'failed', { message: words[0], body: words, at: place })
      },
    )
    const sum = (word: string) =>
      [...output.matchAll(new RegExp(`^\\[ +(\\d+) tests ${word} +\\]$`, 'gm'))].reduce(
        (all, [, n]) => all + Number(n),
        0,
      )
    const [passed, failed, skipped] = [sum('successful'), sum('failed'), sum('skipped') + sum('aborted')]
    return reportOf('junit-console', { passed, failed, errors: 0, skipped }, cases)
  },
})
