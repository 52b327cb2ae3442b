import { headline } from '../../core/failure/index.ts'
import { positionsInLine } from '../../core/locations/index.ts'
import { isNoise } from '../../core/output/index.ts'
import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { callOf, hasOption, literalPattern, programAt } from './lib/runner-call.ts'
import { caseOf, countCases, linesOf, reportOf } from './lib/test-report.ts'

const RESULT = /^ *\d+\/\d+ Test +#(\d+): (.+?) \.{2,} *(?:\*{3})?(\S.*?) +[\d.]+ sec$/

function outcomeOf(status: string): TestOutcome {
  if (status === 'Passed') return 'passed'
  if (status === 'Skipped' || status.startsWith('Not Run (Disabled)')) return 'skipped'
  return status.startsWith('Not Run') ? 'error' : 'failed'
}

/** What a program that ctest ran says of a failure; everything else that it printed would bury that. */
const SAYS = /\b(?:fail\w*|expected|actual|assert\w*|error|was|equal\w*|which is)\b|[!=]=/i

/** The line after the output of a failing program. */
const NEXT = /^ *(?:Start +\d+: |\d+% tests passed)/

/** Each program that ctest ran is a test; with --output-on-failure its output follows. */
function casesOf(lines: readonly string[]): TestCase[] {
  const isVerbose = lines.some((line) => /^\d+: Test command: /.test(line))
  return lines.flatMap((line, at) => {
    const [, number, name, status] = RESULT.exec(line) ?? []
    if (number === undefined || name === undefined || status === undefined) return []
    const outcome = outcomeOf(status)
    if (outcome === 'passed' || outcome === 'skipped') return [caseOf(name, outcome)]
    const end = lines.findIndex((next, index) => index > at && NEXT.test(next))
    // With -V, the output comes first, each line behind the number of the test.
    const own = !isVerbose
      ? []
      : lines.flatMap((one) => (one.startsWith(`${number}: `) ? one.slice(number.length + 2) : []))
    const body = own.length > 0 ? own : lines.slice(at + 1, end === -1 ? at + 200 : end)
    const told = headline(body.join('\n'))
    const place = body.flatMap(positionsInLine).find((one) => one.line !== null)
    return [
      caseOf(name, outcome, {
        message: told === '' ? status : told,
        body: body.filter((line) => !isNoise(line) && SAYS.test(line)),
        at: place?.line ? { file: place.path, line: place.line } : undefined,
      }),
    ]
  })
}

/** https://cmake.org/cmake/help/latest/manual/ctest.1.html */
export default {
  kind: 'ctest',

  recognises: (command, output) =>
    /(?:^|[\s/;&|])ctest(?:\s|$)/.test(command) || linesOf(output).some((line) => RESULT.test(line)),

  read(output) {
    const cases = casesOf(linesOf(output))
    return cases.length === 0 ? null : reportOf('ctest', countCases(cases), cases, true)
  },

  withoutTestOutput(output) {
    let shown = false
    const own = linesOf(output).filter((line) => {
      if (RESULT.test(line) || NEXT.test(line)) {
        shown = RESULT.test(line)
        return true
      }
      return !shown
    })
    return own.join('\n')
  },

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    if (/^No tests were found!!!$/m.test(output) && casesOf(linesOf(output)).length === 0)
      return { reason: 'ctest found no tests', mend: 'build first, and name the build directory: --test-dir DIR' }
    const cases = casesOf(linesOf(output))
    if (cases.length === 0 || cases.some(({ outcome }) => outcome !== 'error')) return null
    const missing = /^Could not find executable (.*)$/m.exec(output)?.[1]
    return {
      reason: `ctest ran no test: ${missing === undefined ? 'it could start none of them' : `the program ${missing} does not exist`}`,
      mend: 'let the command build the tests first: "cmake --build DIR && ctest --test-dir DIR"',
    }
  },

  testListing: () => null,

  addFailingTest: () => null,

  leaveOut(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, /^ctest$/) === -1 || hasOption(call, '-E', '--exclude-regex')) return null
    return call.add(['-E', `^(${tests.map(({ id }) => literalPattern(id)).join('|')})$`])
  },

  select(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, /^ctest$/) === -1 || hasOption(call, '-R', '--tests-regex', '-I')) return null
    return call.add(['-R', `^(${tests.map(({ id }) => literalPattern(id)).join('|')})$`])
  },
} satisfies Runner
