import type { TestCase } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { callOf, hasOption, literalPattern, programAt } from './lib/runner-call.ts'
import { isBats, isTap } from './lib/tap.ts'
import { caseOf, countCases, insteadOf, linesOf, reportOf } from './lib/test-report.ts'

const POINT = /^(ok|not ok) \d+ (.*?)(?: in \d+(?:ms|sec))?(?: # (skip)\b.*)?$/
const PRETTY = /(?:^| {2,}.*\d+\/\d+) ([✓✗-]) (.*?)(?: \(skipped.*\))?(?: \[\d+\])?$/
const PLACE = /^[# ]*\((?:from function .* )?(?:in (?:test )?file|in file) (\S+), line (\d+)\)?,?$/
const SUM = /^\d+ tests?, \d+ failures?(?:, \d+ skipped)?(?: in .*)?$/

function casesOf(lines: readonly string[], tap: boolean): TestCase[] {
  return lines.flatMap((line, at) => {
    const [, status, title, off] = (tap ? POINT : PRETTY).exec(line) ?? []
    if (status === undefined || title === undefined) return []
    if (status === 'ok' || status === '✓') return [caseOf(title, off ? 'skipped' : 'passed')]
    return [status === '-' ? caseOf(title, 'skipped') : toldAt(lines, at, title)]
  })
}

/** Below a failure: '(in test file a.bats, line 2)', the command that failed, and what it printed. */
function toldAt(lines: readonly string[], at: number, title: string): TestCase {
  const body = lines.slice(at + 1, at + 50).map((line) => line.replace(/^(?:# ?| {3})/, ''))
  const end = body.findIndex((line) => POINT.test(line) || PRETTY.test(line) || SUM.test(line))
  const told = end === -1 ? body : body.slice(0, end)
  const [, file, line] = told.map((one) => PLACE.exec(one)).find((match) => match !== null) ?? []
  const failed = told.findIndex((one) => /' failed(?: with status \d+)?$/.test(one))
  const message = [told[failed] ?? told[0] ?? '', told[failed + 1] ?? ''].filter(Boolean).join(': ').trim()
  return caseOf(title, 'failed', {
    message,
    body: told.slice(failed + 2),
    at: file === undefined ? undefined : { file, line: Number(line) },
  })
}

/** https://bats-core.readthedocs.io: prints TAP without a terminal, else its own format. */
export default {
  kind: 'bats',

  recognises: (command, output) => /(?:^|[\s/;&|])bats(?:\s|$)/.test(command) || isBats(output),

  read(output) {
    const lines = linesOf(output)
    const tap = isTap(output)
    if (!tap && !lines.some((line) => SUM.test(line))) return null
    const cases = casesOf(lines, tap)
    return reportOf('bats', countCases(cases), cases, true)
  },

  /** The set-up or tear-down of a file. */
  insteadOf: (cases) => insteadOf(cases, (id) => (/^(?:setup|teardown)_(?:file|suite) failed$/.test(id) ? '' : null)),

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const usage = /^Error: (Test file .* does not exist|Bad command line option .*|Must specify .*)$/m.exec(output)?.[1]
    if (usage !== undefined)
      return { reason: `bats could not start: ${usage}`, mend: 'correct the path or option in the command' }
    return /^1\.\.0$/m.test(output) ? { reason: 'bats found no tests', mend: 'name a file that holds tests' } : null
  },

  testListing: () => null,

  addFailingTest: (path, text, name) =>
    path.endsWith('.bats') && /^\s*@test /m.test(text)
      ? append(text, `@test "${name}" {\n  echo ${name}\n  false\n}\n`)
      : null,

  select(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, /^bats$/) === -1 || hasOption(call, '-f', '--filter', '--filter-status')) return null
    return call.add(
      ['--filter', `^(${tests.map(({ id }) => literalPattern(id)).join('|')})$`],
      programAt(call, /^bats$/) + 1,
    )
  },
} satisfies Runner
