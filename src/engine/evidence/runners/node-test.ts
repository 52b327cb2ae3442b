import type { TestReport } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { breakScript, repeatFailingTests } from './lib/break-script.ts'
import { anyTitle, callOf, hasOption, innermostTests, withFiles, withoutOptions } from './lib/runner-call.ts'
import { failingCall, importOf, isScript } from './lib/script-tests.ts'
import { specCases } from './lib/spec-reporter.ts'
import { isBats, isTap, isTape, tapCases, tapTotals, topLevelExceptions } from './lib/tap.ts'
import { countCases, insteadOf, type ReportCounts, reportOf } from './lib/test-report.ts'

const SPEC = /^ℹ tests \d+$/m
/** prove prints the points that it read, and its own sums. */
const PROVE = /^Files=\d+, Tests=\d+, /m
const DOTS = /^[.X]+\n(?:\nFailed tests:\n|$)/m

/** The totals of node:test. A cancelled test ended in error; a todo test is counted apart from the failures. */
function countsOf(totals: ReadonlyMap<string, number>): ReportCounts {
  const of = (word: string) => totals.get(word) ?? 0
  return {
    passed: of('pass'),
    failed: of('fail'),
    errors: of('cancelled'),
    skipped: of('skipped') + of('skip') + of('todo'),
  }
}

function read(output: string): TestReport | null {
  if (SPEC.test(output)) {
    const totals = tapTotals(output, 'ℹ')
    return totals && reportOf('node-test', countsOf(totals), specCases(output))
  }
  if (isTap(output)) {
    const cases = tapCases(output)
    const totals = tapTotals(output)
    const counts = totals?.has('todo') ? countsOf(totals) : countCases(cases)
    return reportOf('node-test', counts, cases, true)
  }
  if (!DOTS.test(output)) return null
  const dots = [...output.matchAll(/^[.X]+$/gm)].join('')
  const failed = dots.split('X').length - 1
  return reportOf(
    'node-test',
    { passed: dots.length - failed, failed, errors: 0, skipped: 0 },
    specCases(output),
    false,
  )
}

/** node:test (https://nodejs.org/api/test.html), and any other program that speaks TAP. */
export default {
  kind: 'node-test',

  recognises: (command, output) =>
    /\b(?:node|tsx)\b.*\s--test\b/.test(command) ||
    SPEC.test(output) ||
    (isTap(output) && !isTape(output) && !isBats(output) && !PROVE.test(output)) ||
    /^\nFailed tests:\n\n✖ /m.test(output),

  read,

  /** Files that could not be loaded, exceptions outside of all tests, and suites. */
  insteadOf(cases, output) {
    const thrown = topLevelExceptions(output)
    return insteadOf(cases, (id) => (isScript(id) || thrown.has(id) ? '' : `${id} > `))
  },

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const missing = /^Could not find '(.*)'$/m.exec(output)?.[1]
    if (missing !== undefined)
      return { reason: `node --test found no file: ${missing}`, mend: 'name a file that holds tests' }
    const option = /^\S*node: (bad option: .*)$/m.exec(output)?.[1]
    if (option !== undefined)
      return { reason: `node could not start: ${option}`, mend: 'correct the option in the command' }
    const report = read(output)
    const none = report
      ? report.counts.passed + report.counts.failed + report.counts.errors + report.counts.skipped === 0
      : /^1\.\.0\b/m.test(output)
    return none ? { reason: 'no tests ran', mend: 'name a file that holds tests' } : null
  },

  testListing: () => null,

  addFailingTest(path, text, name) {
    const how = isScript(path) ? importOf(text, 'node:test') : null
    if (how === null) return null
    const options = optionsOf(text)
    if (how === 'require') return append(text, failingCall(`require('node:test').test${options}`, name))
    return append(text, `import { test as ${name} } from 'node:test'\n${failingCall(name + options, name)}`)
  },

  breakMore(text, name, failing) {
    const imported = importOf(text, 'node:test') === 'import'
    const head = imported ? `import { test as ${name}, describe as ${name}_d } from 'node:test'; ` : ''
    const test = `${imported ? name : "require('node:test').test"}${optionsOf(text)}`
    const suite = imported ? `${name}_d` : "require('node:test').describe"
    const own = repeatFailingTests(text, name, failing, { head, test, suite })
    const more = breakScript(own.text, name, test)
    const unheard = own.words.length === 0 && imported
    return { text: unheard ? append(more.text, `${head}\n`) : more.text, words: [...own.words, ...more.words] }
  },

  /** An option of Node 22; words after the first file belong to the file. */
  leaveOut(command, tests) {
    const call = callOf(command)
    const at = call?.words.indexOf('--test') ?? -1
    if (!call || at === -1) return null
    const ids = innermostTests(
      tests.map(({ id }) => id),
      ' > ',
    )
    return call.add(['--test-skip-pattern', `^${anyTitle(ids)}`], at + 1)
  },

  /** A pattern has to match the titles of the suites around a test, too; since Node 22 also the title after theirs. */
  select(command, tests) {
    const call = callOf(command)
    const at = call?.words.indexOf('--test') ?? -1
    if (!call || at === -1 || hasOption(call, '--test-name-pattern', '--test-only')) return null
    const titles = tests.flatMap(({ id }) => [id, ...id.split(' > ')])
    return call.add(['--test-name-pattern', `^${anyTitle([...new Set(titles)])}`], at + 1)
  },

  selectFiles(command, files) {
    const call = callOf(command)
    return call?.words.includes('--test') ? withFiles(call, /^node(?:\d+)?$/, files) : null
  },

  widen(command) {
    const call = callOf(command)
    return call?.words.includes('--test') ? withoutOptions(call, '--test-name-pattern') : null
  },
} satisfies Runner

function optionsOf(text: string): string {
  return /\bonly\s*:\s*true|\.only\b/.test(text) ? '.only' : ''
}
