import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { breakScript } from './lib/break-script.ts'
import { leaveOutByTitle, selectByTitle } from './lib/by-title.ts'
import { callOf, literalPattern, programAt, withFiles, withoutOptions } from './lib/runner-call.ts'
import { failingCall, importOf, isScript, namesRunner, onlyMarkerOf } from './lib/script-tests.ts'
import { startError } from './lib/start-error.ts'
import {
  addCounts,
  caseOf,
  linesOf,
  noCounts,
  placeOf,
  type ReportCounts,
  reportOf,
  suitesOf,
} from './lib/test-report.ts'
import { titleTree } from './lib/title-tree.ts'

const TOTAL = /^Tests: +(.*\d+ total)$/
const FILE = /^(?:PASS|FAIL) +(?:\S.* )?(\S+\.[cm]?[jt]sx?)(?: \(.*\))?$/
const RESULT = /^((?: {2})+)([✓✕○✎√×]) (?:skipped |todo )?(.*?)(?: \(\d[\d.]* m?s\))?$/
const OUTCOMES: Readonly<Record<string, TestOutcome>> = {
  '✓': 'passed',
  '√': 'passed',
  '✕': 'failed',
  '×': 'failed',
  '○': 'skipped',
  '✎': 'skipped',
}
const BROKEN = 'Test suite failed to run'
const EMPTY = 'Your test suite must contain at least one test.'

function countsOf(lines: readonly string[], cases: readonly TestCase[]): ReportCounts | null {
  let counts: ReportCounts | null = null
  for (const line of lines) {
    const total = TOTAL.exec(line)?.[1]
    if (total === undefined) continue
    const of = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(total)?.[1] ?? 0)
    const one = { passed: of('passed'), failed: of('failed'), errors: 0, skipped: of('skipped') + of('todo') }
    counts = addCounts(counts ?? noCounts, one)
  }
  return (
    counts && { ...counts, errors: new Set(cases.flatMap(({ id, outcome }) => (outcome === 'error' ? id : []))).size }
  )
}

/** 'file > suite > test', read from the tree below the line of a file, if it is printed, and from the '●' blocks of failures. */
function casesOf(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  const suites = titleTree()
  let file: string | null = null
  for (const [at, line] of lines.entries()) {
    const header = FILE.exec(line)?.[1]
    if (header !== undefined) {
      file = header.replace(/^\.\//, '')
      suites.clear()
    }
    if (TOTAL.test(line)) file = null
    if (file === null) continue
    const [, indent, mark, title] = RESULT.exec(line) ?? []
    const heading = /^ {2}● (.+)$/.exec(line)?.[1]
    const suite = /^((?: {2})+)(\S.*)$/.exec(line)
    if (indent !== undefined && mark !== undefined && title !== undefined)
      cases.push(caseOf(`${file} > ${suites.path(indent.length / 2 - 1, title)}`, OUTCOMES[mark] ?? 'failed'))
    else if (heading !== undefined) cases.push(...told(lines, at, file, heading))
    else if (suite?.[2] !== undefined) suites.open((suite[1] ?? '').length / 2 - 1, suite[2])
  }
  return cases
}

function told(lines: readonly string[], at: number, file: string, heading: string): TestCase[] {
  if (/^(?:Console|Deprecation Warning|Validation Warning)/.test(heading)) return []
  const end = lines.findIndex(
    (line, index) => index > at && (/^ {2}● |^Test Suites: |^Snapshot Summary/.test(line) || FILE.test(line)),
  )
  const body = lines.slice(at + 1, end === -1 ? at + 300 : end)
  const message = body.find((line) => line.trim() !== '')
  const place = body
    .filter((line) => /^\s+at /.test(line))
    .map(placeOf)
    .find((found) => found !== undefined)
  const broken = heading === BROKEN
  const id = broken ? file : [file, ...heading.split(' › ')].join(' > ')
  return [caseOf(id, broken ? 'error' : 'failed', { message, body, at: place })]
}

/**
 * Full titles and how often these tests were run again. --json shows this, and so does a test file that asks for the errors
 * to be logged.
 */
function retried(lines: readonly string[], output: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  let title = ''
  for (const line of lines) {
    title = /^ LOGGING RETRY ERRORS {2}(.+)$/.exec(line)?.[1] ?? title
    const nth = /^ RETRY (\d+) $/.exec(line)?.[1]
    if (nth !== undefined) times.set(title, Number(nth))
  }
  const told = /"fullName":("(?:[^"\\]|\\.)*"),"invocations":(\d+),/g
  for (const [, name = '""', invocations] of output.matchAll(told))
    if (Number(invocations) > 1) times.set(String(JSON.parse(name)), Number(invocations) - 1)
  return times
}

/** The option replaces jest's default pattern, so the default is repeated here. */
const BY_TITLE = {
  program: /^jest(?:\.js)?$/,
  files: (paths: readonly string[]) => [
    '--testPathIgnorePatterns',
    '/node_modules/',
    ...paths.map((path) => `/${literalPattern(path)}$`),
  ],
}

/** https://jestjs.io */
export default {
  kind: 'jest',
  ids: 'file › test',

  recognises: (command, output) =>
    /\bjest\b|\breact-scripts test\b/.test(command) ||
    (/^Test Suites: .*\d+ total$/m.test(output) && /^Tests: +/m.test(output)),

  read(output) {
    const lines = linesOf(output)
    const cases = casesOf(lines)
    const counts = countsOf(lines, cases)
    return counts && reportOf('jest', counts, cases)
  },

  reruns(output) {
    const lines = linesOf(output)
    const ids = new Map(casesOf(lines).map(({ id }) => [id.split(' > ').slice(1).join(' '), id]))
    return [...retried(lines, output)].map(([title, times]) => ({ id: ids.get(title) ?? title, times }))
  },

  insteadOf: suitesOf,

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    if (/^No tests found, exiting with code \d$|^No tests found related to files changed/m.test(output))
      return { reason: 'jest found no tests', mend: 'name a path or pattern that holds tests' }
    if (ended.code === 0) return null
    const usage =
      /^● (?:Unrecognized CLI Parameters?|Validation Error|Multiple configurations found):\n\n\s*(.*)$/m.exec(output)
    if (usage) return { reason: `jest could not start: ${usage[1]}`, mend: 'correct the option or the configuration' }
    const broke = /^Test Suites: /m.test(output) ? null : startError(output, /node_modules\/(?:@jest|jest[\w-]*)\//)
    if (broke !== null)
      return { reason: `jest could not start: ${broke}`, mend: 'correct the option or the configuration' }
    const broken = output.split(`● ${BROKEN}`).slice(1)
    return /^Tests: +0 total$/m.test(output) &&
      broken.length > 0 &&
      broken.every((text) => text.trimStart().startsWith(EMPTY))
      ? { reason: 'jest found no tests in the files that it was given', mend: 'name a file that holds tests' }
      : null
  },

  testListing: () => null,

  addFailingTest(path, text, name) {
    if (!isScript(path) || !/\b(?:test|it)\b[\w.]*\s*[(`]/.test(text)) return null
    const how = importOf(text, '@jest/globals')
    const only = onlyMarkerOf(text)
    if (how === 'require') return append(text, failingCall(`require('@jest/globals').test${only}`, name))
    if (how === 'import')
      return append(text, `import { test as ${name} } from '@jest/globals'\n${failingCall(name + only, name)}`)
    return namesRunner(text) ? null : append(text, failingCall(`test${only}`, name))
  },

  breakMore(text, name) {
    const head = importOf(text, '@jest/globals') === 'require' ? "require('@jest/globals').test" : 'test'
    return breakScript(text, name, head + onlyMarkerOf(text))
  },

  leaveOut: (command, tests) => leaveOutByTitle(command, tests, BY_TITLE),

  select: (command, tests) => selectByTitle(command, tests, BY_TITLE),

  selectFiles(command, files) {
    const call = callOf(command)
    // Its operands are patterns.
    return call && withFiles(call, /^jest(?:\.js)?$/, files.map(literalPattern))
  },

  widen(command) {
    const call = callOf(command)
    return call && programAt(call, /^jest(?:\.js)?$/) !== -1 ? withoutOptions(call, '-t', '--testNamePattern') : null
  },
} satisfies Runner
