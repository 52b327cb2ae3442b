import type { TestCase } from '../../model/evidence.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { isTap, tapCases } from './lib/tap.ts'
import { countCases, linesOf, reportOf } from './lib/test-report.ts'

const TOTAL = /^Files=\d+, Tests=(\d+), /m
const FAILED = /^(\s*)# {3}Failed test (?:'(.*)'|\(at .*)?$/
const PLACE = /^\s*# {3}(?:at|in) (.+?)(?: at)? line (\d+)\.$/
const DIED = /^\S.* at \S+ line \d+\.$/
const BROKEN = /^(\S.*?) +\(Wstat: \d+(?: \((.*?)\))? Tests: \d+ Failed: 0\)$/

/** What Test::More says of a failed test on the other stream: its title, its place, and what it got and expected. */
function told(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  let deeper = -1
  for (const [at, line] of lines.entries()) {
    const [all, indent = '', title = ''] = FAILED.exec(line) ?? []
    if (all === undefined) continue
    const rest = lines.slice(at + 1, at + 60)
    const end = rest.findIndex((one) => !/^\s*# {3}/.test(one) || FAILED.test(one))
    const body = rest.slice(0, end === -1 ? rest.length : end)
    const [, file, row] = body.map((one) => PLACE.exec(one)).find((match) => match !== null) ?? []
    const words = body.filter((one) => !PLACE.test(one)).map((one) => one.replace(/^\s*# {3}/, ''))
    // A subtest that failed is told again as a test of the one around it, without words of its own.
    const sumsUp = deeper > indent.length && words.length === 0
    deeper = indent.length
    if (sumsUp) continue
    const place = file === undefined ? undefined : { file, line: Number(row) }
    const id = file === undefined ? title : `${file} > ${title}`
    cases.push(caseOf(id, 'failed', { message: words[0]?.trim(), body: words.slice(1), at: place }))
  }
  return cases
}

/** Files that ended without a failed test. The reason is on the other stream, which seldom names the file that it belongs to. */
function broken(lines: readonly string[]): TestCase[] {
  const files = lines.flatMap((line) => {
    const [, file, how] = BROKEN.exec(line) ?? []
    return file === undefined ? [] : [{ file, how }]
  })
  const deaths = lines.filter((line) => DIED.test(line))
  const last = lines.findLast(
    (one, at) =>
      /^# (?:Tests were run but|Looks like your test exited)/.test(lines[at + 1] ?? '') && !one.startsWith('#'),
  )
  return files.map(({ file, how }) => {
    const own = deaths.find((line) => line.includes(` at ${file} line `))
    const why = own ?? (files.length === 1 ? (deaths[0] ?? last) : undefined)
    return caseOf(file, 'error', { message: why ?? how, body: [] })
  })
}

/** https://perldoc.perl.org/prove: 'file > test'; with -v the titles alone, since the points do not name their file. */
export default consoleRunner({
  kind: 'prove',
  command: /(?:^|[\s/;&|])prove(?:\s|$)/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    const failures = told(lines)
    if (isTap(output)) {
      const messages = new Map(failures.map((one) => [one.id.replace(/^.*? > /, ''), one]))
      const cases = tapCases(output).map((one) => {
        const more = one.outcome === 'failed' ? messages.get(one.id.split(' > ').at(-1) ?? '') : undefined
        return more === undefined ? one : { ...more, id: one.id }
      })
      return reportOf('prove', countCases(cases), [...cases, ...broken(lines)], true)
    }
    const tests = lines.reduce((all, line) => all + Number(TOTAL.exec(line)?.[1] ?? 0), 0)
    const failed = lines.reduce((all, line) => all + Number(/^\S.* Failed: (\d+)\)$/.exec(line)?.[1] ?? 0), 0)
    const errors = broken(lines)
    const counts = { passed: tests - failed, failed, errors: errors.length, skipped: 0 }
    return reportOf('prove', counts, [...failures, ...errors])
  },
})
