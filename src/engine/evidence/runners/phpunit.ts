import type { TestCase } from '../../model/evidence.ts'
import { blocksOf, firstWords, placeBy } from './lib/blocks.ts'
import { caseOf } from './lib/case-of.ts'
import { consoleRunner } from './lib/console-runner.ts'
import { addCounts, linesOf, noCounts, type ReportCounts, reportOf } from './lib/test-report.ts'

const TOTAL = /^(?:OK \((\d+) tests?, \d+ assertions?\)|Tests: (\d+), Assertions: \d+(.*)\.)$/m
const TITLE = /^\d+\) (\S+::.+?)(?: \(.*\))?$/
const SECTION = /^There (?:was|were) \d+ (.*?)s?:$/
const ENDS = /^(?:--$|(?:FAILURES|ERRORS|WARNINGS)!$|OK\b|There (?:was|were) )/
const PLACE = /^\s*(?:│ )?\s*(\/?\S+?\.php):(\d+)$/

/** 'Class::test with data set "x"', from the numbered blocks of errors and failures; not of warnings, risks and skips. */
function numbered(lines: readonly string[]): TestCase[] {
  const starts = lines.flatMap((line, at) => (SECTION.test(line) ? [at] : []))
  return starts.flatMap((start, nth) => {
    const what = SECTION.exec(lines[start] ?? '')?.[1] ?? ''
    if (!/^(?:failure|error)$/.test(what)) return []
    const section = lines.slice(start + 1, starts[nth + 1] ?? lines.length)
    return blocksOf(section, TITLE, ENDS).map(({ title: [, id = ''], body }) =>
      caseOf(id, 'failed', { message: firstWords(body), body: withoutPlaces(body), at: placeBy(body, PLACE) }),
    )
  })
}

/** `--testdox`: the name of a class, then ' ✘ Does something' with a bar before the lines below it. */
function described(lines: readonly string[]): TestCase[] {
  let group = ''
  return lines.flatMap((line, at) => {
    if (/^\S.*$/.test(line) && /^ [✘✔↩∅☢⚠] /.test(lines[at + 1] ?? '')) group = line.replace(/ \(.*\)$/, '')
    const [, mark, title] = /^ ([✘✔]) (.+?)(?: \[[\d.]+ m?s\])?$/.exec(line) ?? []
    if (title === undefined) return []
    if (mark === '✔') return [caseOf(`${group} > ${title}`, 'passed')]
    const rest = lines.slice(at + 1, at + 100)
    const end = rest.findIndex((one) => !/^ {3}[│├┊┴╵┐┘╷]/.test(one))
    const body = rest.slice(0, end === -1 ? rest.length : end).map((one) => one.replace(/^ {3}[│├┊┴╵┐┘╷] ?/, ''))
    const told = { message: firstWords(body), body: withoutPlaces(body), at: placeBy(body, PLACE) }
    return [caseOf(`${group} > ${title}`, 'failed', told)]
  })
}

function withoutPlaces(body: readonly string[]): string[] {
  return body.filter((line) => !PLACE.test(line))
}

function countsOf(lines: readonly string[]): ReportCounts {
  const one = (line: string) => {
    const [all, passed, tests, rest = ''] = TOTAL.exec(line) ?? []
    if (all === undefined) return noCounts
    const of = (word: string) => Number(new RegExp(`, ${word}: (\\d+)`).exec(rest)?.[1] ?? 0)
    const [failed, skipped] = [of('Failures') + of('Errors'), of('Skipped') + of('Incomplete')]
    return { passed: Number(passed ?? tests) - failed - skipped, failed, errors: 0, skipped }
  }
  return lines.map(one).reduce(addCounts, noCounts)
}

/** https://docs.phpunit.de */
export default consoleRunner({
  kind: 'phpunit',
  command: /\b(?:phpunit|pest|artisan test)\b/,
  shows: TOTAL,

  read(output) {
    const lines = linesOf(output)
    return reportOf('phpunit', countsOf(lines), [...numbered(lines), ...described(lines)])
  },
})
