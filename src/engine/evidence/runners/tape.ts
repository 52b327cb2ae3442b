import type { TestCase } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { importOf, isScript, onlyMarkerOf } from './lib/script-tests.ts'
import { bodyOf, isTape } from './lib/tap.ts'
import { caseOf, countCases, linesOf, placeOf, reportOf } from './lib/test-report.ts'

const TITLE = /^# (?!(?:tests|pass|fail|skip|todo) +\d+$|(?:ok|fail)$)(.+)$/
const POINT = /^(not )?ok \d+ ?(.*)$/

interface TitledPoints {
  readonly title: string
  readonly points: TestCase[]
}

/**
 * One case for each title, because the text after `ok 3` is an assertion, and often only its kind. A title that occurs twice
 * gets a number. A title without assertions contains other titles, except the last one of a run that ended before its plan.
 */
function casesOf(output: string): TestCase[] {
  const lines = linesOf(output)
  const tests: TitledPoints[] = []
  for (const [at, line] of lines.entries()) {
    const title = TITLE.exec(line)?.[1]
    if (title !== undefined) tests.push({ title, points: [] })
    const [all, not, text = ''] = POINT.exec(line) ?? []
    if (all === undefined) continue
    if (tests.length === 0) tests.push({ title: text, points: [] })
    tests.at(-1)?.points.push(pointOf(lines, at, text, not === undefined))
  }
  const last = lines.findLastIndex((line) => TITLE.test(line))
  const brokeOff = !lines.slice(last).some((line) => /^1\.\.\d+$/.test(line))
  const thrown = lines.slice(last).find((line) => /^(?:Uncaught )?[A-Z]\w*(?:Error|Exception)\b.*: /.test(line))
  const seen = new Map<string, number>()
  return tests.flatMap(({ title, points }, at) => {
    const broken = brokeOff && at === tests.length - 1
    if (points.length === 0 && !broken) return []
    const n = (seen.get(title) ?? 0) + 1
    seen.set(title, n)
    const worst = points.find(({ outcome }) => outcome === 'failed')
    const ended = points.find(({ outcome }) => outcome === 'passed') ?? points[0]
    const one = worst ?? (broken ? caseOf(title, 'failed', { message: thrown }) : ended)
    return one === undefined ? [] : [{ ...one, id: n === 1 ? title : `${title} (${n})` }]
  })
}

/** A failed assertion: its text, the expected and the actual value, and its place. */
function pointOf(lines: readonly string[], at: number, text: string, ok: boolean): TestCase {
  const [title = '', directive] = text.split(/ # (?=(?:SKIP|TODO)\b)/i)
  if (directive !== undefined) return caseOf(title, 'skipped')
  if (ok) return caseOf(title, 'passed')
  const body = bodyOf(lines, at)
  const [expected, actual] = [told(body, 'expected'), told(body, 'actual')]
  const message = expected === actual ? title : `${title}: expected ${expected}, actual ${actual}`
  const place = body.find((line) => /^ {4}at: /.test(line))
  return caseOf(title, 'failed', { message, at: place === undefined ? undefined : placeOf(place) })
}

/** A value of the YAML block; several lines are joined into one. */
function told(body: readonly string[], key: string): string {
  const at = body.findIndex((line) => line.startsWith(`    ${key}:`))
  const value = (body[at] ?? '').slice(key.length + 5).trim()
  if (!/^[|>][-+\d]*$/.test(value)) return value
  const below = body.slice(at + 1)
  const end = below.findIndex((line) => !line.startsWith('     '))
  return below
    .slice(0, end === -1 ? below.length : end)
    .map((line) => line.trim())
    .join(' ')
}

/** https://github.com/tape-testing/tape */
export default {
  kind: 'tape',

  recognises: (command, output) => /\btape\b/.test(command) || isTape(output),

  read(output) {
    if (!isTape(output)) return null
    const cases = casesOf(output)
    return reportOf('tape', countCases(cases), cases, true)
  },

  invalid: () => null,

  testListing: () => null,

  addFailingTest(path, text, name) {
    const how = isScript(path) && onlyMarkerOf(text) === '' ? importOf(text, 'tape') : null
    if (how === null) return null
    const call = (test: string) => `;${test}('${name}', (t) => {\n  t.fail('${name}')\n  t.end()\n})\n`
    if (how === 'require') return append(text, call(`require('tape')`))
    return append(text, `import ${name} from 'tape'\n${call(name)}`)
  },
} satisfies Runner
