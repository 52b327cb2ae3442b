import type { TestCase, TestOutcome } from '../../model/evidence.ts'
import type { Runner } from '../../ports/runner.ts'
import { append, insert } from './lib/append-tests.ts'
import { breakForUnittest } from './lib/break-python.ts'
import { callOf, hasOption } from './lib/runner-call.ts'
import { caseOf, insteadOf, linesOf, mergeCases, type ReportCounts, reportOf } from './lib/test-report.ts'

const RAN = /^Ran (\d+) tests? in \d+(?:\.\d+)?s$/
const RESULT = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/

/**
 * The sum of all 'Ran n tests' with the result line after each. Failed subtests are not counted in addition to their test, so
 * that a red suite has as many tests as a green one. A failed set-up of a class is an error, but not a test.
 */
function countRuns(lines: readonly string[], bad: readonly TestCase[]): ReportCounts | null {
  let ran: number | null = null
  let skipped = 0
  let surprises = 0
  for (const [at, line] of lines.entries()) {
    const tests = RAN.exec(line)?.[1]
    if (tests === undefined) continue
    ran = (ran ?? 0) + Number(tests)
    const words = lines
      .slice(at + 1, at + 6)
      .flatMap((next) => RESULT.exec(next)?.[1] ?? [])
      .join(', ')
    const of = (word: string) => Number(new RegExp(`(?:^|, )${word}=(\\d+)`).exec(words)?.[1] ?? 0)
    skipped += of('skipped') + of('expected failures')
    surprises += of('unexpected successes')
  }
  if (ran === null) return null
  const failed = bad.filter(({ outcome }) => outcome === 'failed').length + surprises
  const errors = bad.filter(({ outcome }) => outcome === 'error')
  const tests = errors.filter(({ id }) => !/^(?:setUp|tearDown)(?:Class|Module) /.test(id)).length
  return { passed: Math.max(0, ran - failed - tests - skipped), failed, errors: errors.length, skipped }
}

const HEADING = /^(FAIL|ERROR): (.+)$/
const VERBOSE =
  /^ *(\w+(?: \([\w.]+\))?(?: .*)?) \.\.\. (?:.*?)(ok|FAIL|ERROR|skipped\b.*|expected failure|unexpected success)$/
const OUTCOMES: Readonly<Record<string, TestOutcome>> = {
  ok: 'passed',
  FAIL: 'failed',
  ERROR: 'error',
  'expected failure': 'xfailed',
  'unexpected success': 'failed',
}

const FAILED_TEST = /^ERROR: (\S+) \(unittest\.loader\._FailedTest\b/gm

/** 'test_add (pkg.mod.Case.test_add)' and, before Python 3.11, 'test_add (pkg.mod.Case)' are both pkg.mod.Case.test_add. */
function idOf(title: string): string | null {
  const unloadable = /^(\S+) \(unittest\.loader\._FailedTest\b/.exec(title)?.[1]
  if (unloadable !== undefined) return unloadable
  const [, name, where] = /^(\w+(?:\.\w+)*) \(([\w.]+)\)/.exec(title) ?? []
  if (name === undefined || where === undefined) return null
  if (/^(?:setUp|tearDown)(?:Class|Module)$/.test(name)) return title
  return where === name || where.endsWith(`.${name}`) ? where : `${where}.${name}`
}

/** Tests named by -v: title and outcome are on one line, or on two if the test has a docstring. */
function verboseCases(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  let before: string | null = null
  for (const line of lines) {
    const [, title, status] = VERBOSE.exec(line) ?? []
    const id = title === undefined ? null : (idOf(title) ?? before)
    if (id !== null && status !== undefined) cases.push(caseOf(id, OUTCOMES[status] ?? 'skipped'))
    before = idOf(line.trimStart())
  }
  return cases
}

/** The blocks under a line of '=': title, perhaps a docstring, a rule, a traceback. */
function failures(lines: readonly string[]): TestCase[] {
  const cases: TestCase[] = []
  for (const [at, line] of lines.entries()) {
    const [, status, title] = HEADING.exec(line) ?? []
    if (status === undefined || title === undefined || !/^={30,}$/.test(lines[at - 1] ?? '')) continue
    const end = lines.findIndex((next, index) => index > at && (/^={30,}$/.test(next) || RAN.test(next)))
    const body = lines.slice(at + 1, end === -1 ? undefined : end)
    const frames = body.map((next) => /^ {2}File "(.+?)", line (\d+)/.exec(next)).filter((match) => match !== null)
    const own = frames.findLast((match) => !/site-packages|[\\/]lib[\\/]python\d/.test(match[1] ?? ''))
    const raised = body.findLastIndex((next) =>
      /^[\w.]+(?:Error|Exception|Exit|Interrupt|Warning|Failed|Skip\w*)\b/.test(next),
    )
    cases.push(
      caseOf(idOf(title) ?? title, OUTCOMES[status] ?? 'error', {
        message: body[raised],
        body: raised === -1 ? [] : body.slice(raised + 1),
        ...(own?.[1] ? { at: { file: own[1], line: Number(own[2]) } } : {}),
      }),
    )
  }
  return cases
}

/** https://docs.python.org/3/library/unittest.html */
export default {
  kind: 'unittest',
  ids: 'module.test',

  recognises: (command, output) =>
    /-m unittest\b|\bmanage\.py test\b|\bsetup\.py test\b/.test(command) ||
    /^Ran \d+ tests? in \d+(?:\.\d+)?s\n\n(?:OK|FAILED|NO TESTS RAN)\b/m.test(output),

  read(output) {
    const lines = linesOf(output)
    const bad = mergeCases(failures(lines))
    const counts = countRuns(lines, bad)
    return counts ? reportOf('unittest', counts, [...verboseCases(lines), ...bad]) : null
  },

  /** Set-up and tear-down of classes and modules, and modules that could not be loaded. */
  insteadOf(cases, output) {
    const unloadable = new Set([...output.matchAll(FAILED_TEST)].map(([, name]) => name))
    return insteadOf(cases, (id) => {
      const place = /^(?:setUp|tearDown)(?:Class|Module) \((.+)\)$/.exec(id)?.[1] ?? (unloadable.has(id) ? id : null)
      return place === null ? null : `${place}.`
    })
  },

  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const counts = countRuns(linesOf(output), [])
    if (counts && counts.passed + counts.skipped === 0)
      return { reason: 'unittest found no tests', mend: 'name a module or a directory that holds tests' }
    if (ended.code === 0) return null
    const gone = /^AttributeError: (.* has no attribute .*)$/m.exec(output)?.[1]
    if (counts && gone && failures(linesOf(output)).every(({ id, file }) => !id.includes('.') && file === undefined))
      return {
        reason: `the command names a test that does not exist: ${gone}`,
        mend: 'correct the name in the command',
      }
    const usage =
      /^(?:python\S*(?: -m)? |\S+: )?unittest: error: (.*)$|^ImportError: (Start directory is not importable.*)$/m
    const said = counts ? null : usage.exec(output)
    return said
      ? { reason: `unittest could not start: ${said[1] ?? said[2]}`, mend: 'correct the path or option in the command' }
      : null
  },

  testListing: () => null,

  /** Inserted before `if __name__ == '__main__':`, because code after `unittest.main()` is never reached. */
  addFailingTest(path, text, name) {
    if (!path.endsWith('.py') || !/\bTestCase\b/.test(text) || !/^\s+(?:async )?def test/m.test(text)) return null
    const block = `class Test_${name}(__import__("unittest").TestCase):\n    def test_${name}(self):\n        self.fail("${name}")\n`
    const guard = /^if\s*\(?\s*__name__\b.*$/m.exec(text)
    return guard ? insert(text, guard.index, block) : append(text, block)
  },

  breakMore: breakForUnittest,

  /** `-k` matches parts of names. */
  select(command, tests) {
    const call = callOf(command)
    if (!call?.words.includes('unittest') || hasOption(call, '-k')) return null
    const names = tests.map(({ id }) => /\.(test\w*)$/.exec(id)?.[1])
    return names.every((name) => name !== undefined) ? call.add(names.flatMap((name) => ['-k', name])) : null
  },

  selectFiles(command, files) {
    const call = callOf(command)
    if (!call?.words.includes('unittest') || hasOption(call, '-k')) return null
    const modules = files.flatMap((file) => /(?:^|\/)(\w+)\.py$/.exec(file)?.[1] ?? [])
    return modules.length === 0 || modules.length < files.length
      ? null
      : call.add([...new Set(modules)].flatMap((name) => ['-k', `${name}.`]))
  },
} satisfies Runner
