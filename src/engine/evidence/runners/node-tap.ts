import { blocksOf } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { linesOf, placeOf, reportOf } from './lib/test-report.ts'

const TOTAL = /^Asserts: +(\d+) pass +(\d+) fail(?: +(\d+) skip)?(?: +(\d+) todo)? +(\d+) of (\d+) complete$/
/** While tests run, it also lists what failed so far, each with its place. */
const TITLE = /^ ✖ (?!.*:\d+:\d+$)(.+)$/
const ENDS = /^(?:Asserts: | [✔~•] |# )/

/** https://node-tap.org: 'test > assertion', from what its own reporters print of failures; the last sums count. */
export default consoleRunner({
  kind: 'node-tap',
  command: /(?:^|[\s/;&|])tap(?:\s|$)/,
  shows: new RegExp(TOTAL, 'm'),

  read(output) {
    const lines = linesOf(output)
    const cases = blocksOf(lines, TITLE, ENDS).map(({ title: [, title = ''], body }) => {
      const place = body.map((line) => placeOf(line)).find((found) => found !== undefined)
      const words = body.filter((line) => !/^ {4}(?:\d+ |[━┛ ]+$|\S+\.[cm]?[jt]sx?(?::\d+:\d+)?$)/.test(line))
      return caseOf(title, 'failed', { message: title.split(' > ').at(-1), body: words, at: place })
    })
    const [, passed = 0, failed = 0, skipped = 0, todo = 0] = (
      lines.map((line) => TOTAL.exec(line)).findLast((match) => match !== null) ?? []
    ).map(Number)
    return reportOf('node-tap', { passed, failed, errors: 0, skipped: (skipped || 0) + (todo || 0) }, cases)
  },
})
