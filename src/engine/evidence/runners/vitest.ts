import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { breakScript } from './lib/break-script.ts'
import { leaveOutByTitle, selectByTitle } from './lib/by-title.ts'
import { callOf, withFiles } from './lib/runner-call.ts'
import { failingCall, importOf, isScript, namesRunner, onlyMarkerOf } from './lib/script-tests.ts'
import { isTap, tapCases } from './lib/tap.ts'
import {
  addCounts,
  caseOf,
  countCases,
  linesOf,
  noCounts,
  placeOf,
  type ReportCounts,
  reportOf,
  suitesOf,
} from './lib/test-report.ts'

const TOTAL = /^ +Tests +(?:(\d.*) \(\d+\)|no tests)$/
const ERRORS = /^ +Errors +(\d+) errors?$/
/** The message of vitest for a process for tests that it could not start. */
const POOL = /^Error: (\[vitest-pool\]: Failed to start .*?|Runner \S+ is not supported)\.?(?: Test files: .*)?$/m
const RESULT = /^ *([✓✔×✖↓□]) (?:\|[^|]*\| )?(\S+\.[cm]?[jt]sx? > .*?)(?: +\d+m?s)?(?: \(retry x(\d+)\))?$/
const FAIL = /^ *FAIL {2}(?:\|[^|]*\| )?(\S+\.[cm]?[jt]sx?)(?: > (.*)| \[ .* \])?$/
const OUTCOMES: Readonly<Record<string, TestOutcome>> = {
  '✓': 'passed',
  '✔': 'passed',
  '×': 'failed',
  '✖': 'failed',
  '↓': 'skipped',
  '□': 'skipped',
}

function countsOf(lines: readonly string[], cases: readonly TestCase[]): ReportCounts | null {
  let counts: ReportCounts | null = null
  let errors = cases.filter(({ outcome }) => outcome === 'error').length
  for (const line of lines) {
    errors += Number(ERRORS.exec(line)?.[1] ?? 0) - (POOL.test(line) ? 1 : 0)
    const total = TOTAL.exec(line)
    if (!total) continue
    const of = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(total[1] ?? '')?.[1] ?? 0)
    const one = { passed: of('passed'), failed: of('failed'), errors: 0, skipped: of('skipped') + of('todo') }
    counts = addCounts(counts ?? noCounts, one)
  }
  return counts && { ...counts, errors: Math.max(0, errors) }
}

/** 'file > suite > test' from the verbose reporter and from the FAIL blocks, in which several tests may share one reason. */
function casesOf(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  for (const [at, line] of lines.entries()) {
    const [, mark, id] = RESULT.exec(line) ?? []
    if (mark !== undefined && id !== undefined) cases.push(caseOf(id, OUTCOMES[mark] ?? 'failed'))
    const [, file, title] = FAIL.exec(line) ?? []
    if (file === undefined) continue
    const start = lines.findIndex((next, index) => index > at && !FAIL.test(next))
    const end = lines.findIndex((next, index) => index >= start && /^⎯{5,}|^ *FAIL {2}/.test(next))
    const body = start === -1 ? [] : lines.slice(start, end === -1 ? start + 300 : end)
    const place = body
      .filter((next) => /^ *❯ /.test(next))
      .map(placeOf)
      .find((found) => found !== undefined)
    const message = body.find((next) => next.trim() !== '')
    cases.push(caseOf(title ? `${file} > ${title}` : file, title ? 'failed' : 'error', { message, body, at: place }))
  }
  return cases
}

const BY_TITLE = {
  program: /^vitest(?:\.mjs)?$/,
  files: (paths: readonly string[]) => paths.flatMap((path) => ['--exclude', path]),
}

/** https://vitest.dev */
export default {
  kind: 'vitest',
  ids: 'file › test',

  recognises: (command, output) =>
    /\bvitest\b/.test(command) ||
    /^ RUN {2}v\d/m.test(output) ||
    (/^ Test Files {2}/m.test(output) && /^ +Tests {2}/m.test(output)),

  read(output) {
    const lines = linesOf(output)
    if (isTap(output)) {
      const cases = tapCases(output)
      return reportOf('vitest', countCases(cases), cases, true)
    }
    const cases = casesOf(lines)
    const counts = countsOf(lines, cases)
    return counts && reportOf('vitest', counts, cases)
  },

  /** The verbose reporter names tests that were run again. */
  reruns: (output) =>
    linesOf(output).flatMap((line) => {
      const [, , id, times] = RESULT.exec(line) ?? []
      return id === undefined || times === undefined ? [] : [{ id, times: Number(times) }]
    }),

  insteadOf: suitesOf,

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    if (/^No (?:test files|test suite|tests?) found, exiting with code \d$/m.test(output))
      return { reason: 'vitest found no tests', mend: 'name a path or pattern that holds tests' }
    if (ended.code === 0) return null
    const usage = /^CACError: (.*)$/m.exec(output)?.[1]
    if (usage !== undefined)
      return { reason: `vitest could not start: ${usage}`, mend: 'correct the option in the command' }
    const [, startup] = /^⎯+ Startup Error ⎯+\n(.*)$/m.exec(output) ?? []
    if (startup !== undefined) {
      const config = /^failed to load config from .*$/m.exec(output)?.[0]
      const said = config === undefined ? startup : `${config}: ${startup}`
      return { reason: `vitest could not start: ${said}`, mend: 'correct the option or the configuration' }
    }
    const lacking = / MISSING DEPENDENCY +(Cannot find dependency '(.*)')$/m.exec(output)
    const pool = POOL.exec(output)?.[1]
    if (lacking ?? pool)
      return {
        reason: `vitest could not start: ${lacking?.[1] ?? pool}`,
        mend: lacking ? `install ${lacking[2]} into node_modules` : 'correct the option or the configuration',
      }
    const blocks = output.match(/^ *FAIL {2}.*\n.*$/gm) ?? []
    return /^ +Tests +no tests$/m.test(output) &&
      blocks.length > 0 &&
      blocks.every((text) => text.includes('No test suite found'))
      ? { reason: 'vitest found no tests in the files that it was given', mend: 'name a file that holds tests' }
      : null
  },

  testListing: () => null,

  addFailingTest(path, text, name) {
    if (!isScript(path)) return null
    const only = onlyMarkerOf(text)
    if (importOf(text, 'vitest') !== null)
      return append(text, `import { test as ${name} } from 'vitest'\n${failingCall(name + only, name)}`)
    if (namesRunner(text) || !/\b(?:test|it)\b[\w.]*\s*[(`]/.test(text)) return null
    return append(text, failingCall(`test${only}`, name))
  },

  breakMore(text, name) {
    const head = 'test'
    return breakScript(text, name, head + onlyMarkerOf(text))
  },

  leaveOut: (command, tests) => leaveOutByTitle(command, tests, BY_TITLE),

  select: (command, tests) => selectByTitle(command, tests, BY_TITLE),

  selectFiles(command, files) {
    const call = callOf(command)
    return call && withFiles(call, BY_TITLE.program, files, 'run')
  },
} satisfies Runner
