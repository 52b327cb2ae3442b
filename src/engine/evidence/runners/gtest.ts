import { headline } from '../../core/failure/index.ts'
import { positionsInLine } from '../../core/locations/index.ts'
import type { Command } from '../../model/command.ts'
import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { callOf, hasOption, type RunnerCall } from './lib/runner-call.ts'
import {
  addCounts,
  caseOf,
  countCases,
  insteadOf,
  linesOf,
  mergeCases,
  type ReportCounts,
  reportOf,
} from './lib/test-report.ts'

// Text that a test prints without a line end is on the same line, before the mark.
const BEGINS = /\[={10}\] Running \d+ tests? from \d+ test (?:suite|case)s?\.$/
const ENDS = /\[={10}\] (\d+) tests? from \d+ test (?:suite|case)s? ran\./
const PASSED = /\[ {2}PASSED {2}\] (\d+) tests?\.$/
const SKIPPED = /\[ {2}SKIPPED \] (\d+) tests?(?:\.|, listed below:)$/
const RUN = /\[ RUN {6}\] (\S+\.\S+)$/
const RESULT = /\[ +(OK|FAILED|SKIPPED|DISABLED) +\] (\S+\.[^\s,]+)(?:, where .* = .*)?(?: \(\d+ ms\))?$/
const SUITE = /^\[-{10}\] \d+ tests? from ([^\s,]+)/
const ENVIRONMENT = /^\[-{10}\] (Global test environment (?:set-up|tear-down))/
const MARK = /\[(?:[ A-Z]{10}|-{10}|={10})\] /
const FAILURE = /^(?:unknown file|(.+?):(\d+)): Failure$/
/** Lines that end the message of a failure. */
const WORDS_END = /^$|^With diff:$|^Google Test trace:$|^.+: (?:Failure|Skipped)$/
const OUTSIDE = /^(?:Global test environment .*|(\S+): SetUpTestSuite or TearDownTestSuite)$/
const HELP = /^This program contains tests written using Google Test\./m
const OUTCOMES: Readonly<Record<string, TestOutcome>> = { OK: 'passed', FAILED: 'failed' }

type FailureDetails = NonNullable<Parameters<typeof caseOf>[2]>

interface StartedTest {
  readonly id: string
  readonly at: number
  failure?: FailureDetails | undefined
}

/** What was read so far. */
interface ReadSoFar {
  readonly cases: TestCase[]
  /** Tests that began and have no result yet. */
  readonly started: StartedTest[]
  running: StartedTest | null
  /** The id for failures outside of all tests at this point; '' if it is not known. */
  section: string
  outside: FailureDetails | undefined
}

/** Tests as 'Suite.Name'. What failed outside of all tests is an error under the name of its suite or environment. */
function casesOf(lines: readonly string[]): TestCase[] {
  const read: ReadSoFar = { cases: [], started: [], running: null, section: '', outside: undefined }
  for (const [at, line] of lines.entries()) {
    const id = RUN.exec(line)?.[1]
    const [, status, ended] = RESULT.exec(line) ?? []
    if (FAILURE.test(line)) {
      if (read.running) read.running.failure ??= failureAt(lines, at)
      else read.outside ??= failureAt(lines, at)
    } else if (status !== undefined && ended !== undefined) endTest(read, ended, OUTCOMES[status] ?? 'skipped')
    else if (id !== undefined) {
      closeSection(read)
      read.running = { id, at }
      read.started.push(read.running)
    } else if (MARK.test(line)) {
      closeSection(read)
      read.running = null
      read.section = sectionOf(line)
    }
  }
  return [...read.cases, ...read.started.map((test) => unfinished(lines, test))]
}

function endTest(read: ReadSoFar, id: string, outcome: TestOutcome): void {
  const index = read.started.findLastIndex((one) => one.id === id)
  const [test] = index === -1 ? [] : read.started.splice(index, 1)
  read.running = null
  if (outcome !== 'failed') {
    read.cases.push(caseOf(id, outcome))
    return
  }
  read.cases.push(caseOf(id, outcome, test ? test.failure : read.outside))
  // With --gtest_brief=1 no line shows that a test begins, so the failure above a result belongs to that test.
  if (!test) read.outside = undefined
}

function closeSection(read: ReadSoFar): void {
  if (read.outside && read.section !== '') read.cases.push(caseOf(read.section, 'error', read.outside))
  read.outside = undefined
}

/** The id for failures outside of all tests after this line. */
function sectionOf(line: string): string {
  const suite = SUITE.exec(line)?.[1]
  return suite === undefined ? (ENVIRONMENT.exec(line)?.[1] ?? '') : `${suite}: SetUpTestSuite or TearDownTestSuite`
}

/** 'Expected equality of these values: add(2, 3) (Which is: -1), 5', and the place of the assertion. */
function failureAt(lines: readonly string[], at: number): FailureDetails {
  const [, file, line] = FAILURE.exec(lines[at] ?? '') ?? []
  const body = lines.slice(at + 1, at + 20)
  const end = body.findIndex((one) => WORDS_END.test(one) || MARK.test(one))
  let message = ''
  for (const one of end === -1 ? body : body.slice(0, end)) {
    const text = one.trim()
    if (/^ +Which is: /.test(one)) message += ` (${text})`
    else message += (message === '' ? '' : message.endsWith(':') ? ' ' : ', ') + text
  }
  return { message, at: file === undefined ? undefined : { file, line: Number(line) } }
}

/** A test without a result ended its program; its message is the most informative line printed since it began. */
function unfinished(lines: readonly string[], { id, at, failure }: StartedTest): TestCase {
  if (failure) return caseOf(id, 'failed', failure)
  const body = lines.slice(at + 1, at + 200)
  const end = body.findIndex((line) => MARK.test(line))
  const printed = end === -1 ? body : body.slice(0, end)
  const place = printed.flatMap(positionsInLine).find((one) => one.line !== null)
  return caseOf(id, 'failed', {
    message: headline(printed.join('\n')),
    at: place?.line ? { file: place.path, line: place.line } : undefined,
  })
}

/** The sums of all programs; a program that ended during a test prints no sum. */
function countsOf(lines: readonly string[], cases: readonly TestCase[]): ReportCounts | null {
  const sum = (pattern: RegExp) => lines.reduce((all, line) => all + Number(pattern.exec(line)?.[1] ?? 0), 0)
  const times = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length
  if (times(BEGINS) > times(ENDS)) return countCases(mergeCases(cases))
  if (times(ENDS) === 0) return null
  const [passed, skipped] = [sum(PASSED), sum(SKIPPED)]
  const counts = { passed, failed: sum(ENDS) - passed - skipped, errors: 0, skipped }
  const uncounted = cases.filter(({ id, outcome }) => outcome === 'error' || isDisabled(id, outcome))
  return addCounts(counts, countCases(uncounted))
}

/** With --gtest_also_run_disabled_tests, it runs like any other test. */
function isDisabled(id: string, outcome: TestOutcome): boolean {
  return outcome === 'skipped' && /(?:^|[/.])DISABLED_/.test(id)
}

/**
 * https://google.github.io/googletest/advanced.html#controlling-test-output; absl for Python prints similar results, but no
 * sums.
 */
export default {
  kind: 'gtest',

  recognises(command, output) {
    if (/\s--gtest_\w|\bGTEST_[A-Z_]+=/.test(command)) return true
    return HELP.test(output) || linesOf(output).some((line) => BEGINS.test(line) || ENDS.test(line))
  },

  read(output) {
    const lines = linesOf(output)
    const cases = casesOf(lines)
    const counts = countsOf(lines, cases)
    return counts && reportOf('gtest', counts, cases)
  },

  insteadOf: (cases) =>
    insteadOf(cases, (id) => {
      const [all, suite] = OUTSIDE.exec(id) ?? []
      if (all === undefined) return null
      return suite === undefined ? '' : `${suite}.`
    }),

  /** Both cases end with status 0, also the help that follows an unknown option. */
  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const lines = linesOf(output)
    const cases = casesOf(lines)
    const counts = countsOf(lines, cases)
    if (cases.length > 0 || (counts && counts.passed + counts.failed + counts.skipped > 0)) return null
    if (HELP.test(output))
      return {
        reason: 'GoogleTest printed its help and ran no tests',
        mend: 'correct the --gtest_ option in the command',
      }
    return counts
      ? {
          reason: 'GoogleTest ran no tests',
          mend: 'name a program that has tests, and a --gtest_filter that matches some of them',
        }
      : null
  },

  testListing: () => null,

  addFailingTest: (path, text, name) =>
    /\.(?:cc|cpp|cxx|c\+\+|C)$/.test(path) && /^\s*(?:TYPED_)?TEST(?:_[FP])?\s*\(/m.test(text)
      ? append(text, `TEST(Added, ${name}) {\n  FAIL() << "${name}";\n}\n`)
      : null,

  /**
   * A program may have any name. It is recognised if it is called by its path and is not a script, or if it has an option of
   * GoogleTest.
   */
  leaveOut(command, tests) {
    const call = unfilteredCall(command, tests)
    return call?.add([`--gtest_filter=-${tests.map(({ id }) => id).join(':')}`]) ?? null
  },

  select(command, tests) {
    const call = unfilteredCall(command, tests)
    return call?.add([`--gtest_filter=${tests.map(({ id }) => id).join(':')}`]) ?? null
  },
} satisfies Runner

/** A call of a test program that has no filter; null also for ids that a filter cannot hold. */
function unfilteredCall(command: Command, tests: readonly TestCase[]): RunnerCall | null {
  const call = callOf(command)
  if (!call || hasOption(call, '--gtest_filter', 'GTEST_FILTER') || tests.some(({ id }) => /\s/.test(id))) return null
  const program = call.words.find((word) => !/^\w+=/.test(word)) ?? ''
  const isTestProgram = /\/[^/.]+$/.test(program) || call.words.some((word) => word.startsWith('--gtest_'))
  return isTestProgram ? call : null
}
