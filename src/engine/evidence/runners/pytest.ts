import type { Runner } from '../../ports/runner.ts'
import { append } from './lib/append-tests.ts'
import { breakForPytest } from './lib/break-python.ts'
import { pytestBroke, xdistDiffers } from './lib/pytest-broke.ts'
import { pytestCases, pytestCounts, pytestReruns } from './lib/pytest-output.ts'
import { readPytestXml } from './lib/pytest-xml.ts'
import { callOf, hasOption, programAt, withoutOptions } from './lib/runner-call.ts'
import { insteadOf, reportOf } from './lib/test-report.ts'

const PROGRAM = /^(?:pytest|py\.test)(?:-\d[\d.]*)?$/
const XML = 'pytest.xml'
/** An id, up to the end of its file. */
const ID = /^([^-].*?\.py)::.*$/s
const OUTPUT =
  /^=+ (?:test session starts|FAILURES|ERRORS|short test summary info) =+$|^=* ?(?:\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed)\b.*|no tests ran) in \d+(?:\.\d+)? ?s/m

/** https://docs.pytest.org/en/stable/reference/exit-codes.html */
export default {
  kind: 'pytest',
  ids: 'file::test',

  recognises: (command, output) => /\b(?:pytest|py\.test)\b/.test(command) || OUTPUT.test(output),

  read(output) {
    const counts = pytestCounts(output)
    if (!counts) return null
    return reportOf('pytest', counts, pytestCases(output))
  },

  reruns: pytestReruns,

  /** Modules and classes that could not be collected, and directories. */
  insteadOf: (cases) =>
    insteadOf(cases, (id) => {
      if (id.includes('::')) return /::[A-Z]\w*$/.test(id) ? `${id}::` : null
      return /\.\w+$/.test(id) ? `${id}::` : `${id}/`
    }),

  /** A test module or a conftest that cannot be loaded may be the bug itself, so it is no usage error, whatever the status. */
  invalid(output, { ended }) {
    if (ended.how !== 'exited') return null
    const unloadable = /^_+ ERROR collecting .* _+$|while loading conftest/m.test(output)
    const collected = xdistDiffers(output)
    if (collected !== null)
      return {
        reason: `pytest-xdist: ${collected}`,
        mend: 'give the tests the same names in every process, or run them in one: -n 0',
      }
    if (ended.code === 4 && !unloadable) {
      const said = /^(?:\S+: )?(?:ERROR|error): (?!usage)(.*)$/m.exec(output)?.[1]
      return {
        reason: `pytest could not start (exit status 4)${said ? `: ${said}` : ''}`,
        mend: /plugin|unrecognized arguments|requires pytest/.test(said ?? '')
          ? 'correct the option, or install the plugin that defines it into .venv and add --include .venv'
          : 'correct the path or option in the command',
      }
    }
    if (ended.code === 5)
      return { reason: 'pytest found no tests (exit status 5)', mend: 'name a path that holds tests' }
    const broke = ended.code === 3 || ended.code === 1 ? pytestBroke(output) : null
    if (broke !== null)
      return {
        reason: `pytest itself broke (exit status ${ended.code}): ${broke}`,
        mend: 'no test was run; correct the plugin, the hook or the option that the message names',
      }
    if (ended.code === 2 && /^!+ (?:KeyboardInterrupt|.*Exit:.*) !+$/m.test(output))
      return { reason: 'pytest was interrupted (exit status 2)', mend: 'run the same command again' }
    return null
  },

  testListing: () => ({
    // -rR names the tests that a plugin ran again; the report does not know of them.
    env: (reports) => ({ PYTEST_ADDOPTS: `"--junitxml=${reports}/${XML}" -o junit_family=xunit1 -rfER` }),
    read(reports) {
      const bytes = reports.get(XML)
      return bytes ? readPytestXml(bytes) : null
    },
  }),

  addFailingTest(path, text, name) {
    if (!path.endsWith('.py') || !/^\s*(?:(?:async )?def test|class \w*Test|class \w+\(.*TestCase\))/m.test(text))
      return null
    return append(text, `\ndef test_${name}():\n    raise AssertionError("${name}")\n`)
  },

  breakMore: breakForPytest,

  /** A module that cannot be collected is only a path. The group of a worker ('@name' after the id) does not belong to the id. */
  leaveOut(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, PROGRAM) === -1) return null
    const word = (id: string) => (id.includes('::') ? '--deselect' : '--ignore')
    return call.add(tests.flatMap(({ id }) => [word(id), id.replace(/(?<=[\w\]])@[^\][:/@]+$/, '')]))
  },

  /** What an id names behind its file, and `-k`. */
  widen(command) {
    const call = callOf(command)
    if (!call || programAt(call, PROGRAM) === -1) return null
    const plain = withoutOptions(call, '-k', '--keyword')
    const rest = plain === null ? call : callOf(plain)
    if (rest === null || !rest.words.some((word) => ID.test(word))) return plain
    return rest.edit((word) => (ID.test(word) ? word.replace(ID, '$1') : undefined))
  },

  /** `-k` matches parts of names, also those of classes and modules, and does not know what is in brackets. */
  select(command, tests) {
    const call = callOf(command)
    if (!call || programAt(call, PROGRAM) === -1 || hasOption(call, '-k', '--keyword')) return null
    const names = tests.map(({ id }) => /::(\w+)(?:\[.*\])?(?:@[^\][:/@]+)?$/s.exec(id)?.[1])
    return names.every((name) => name !== undefined) ? call.add(['-k', [...new Set(names)].join(' or ')]) : null
  },

  /** `-k` also matches the names of files, and narrows what the command names. */
  selectFiles(command, files) {
    const call = callOf(command)
    if (!call || programAt(call, PROGRAM) === -1 || hasOption(call, '-k', '--keyword')) return null
    const names = files.flatMap((file) => /(?:^|\/)(\w+\.py)$/.exec(file)?.[1] ?? [])
    return names.length === 0 || names.length < files.length ? null : call.add(['-k', [...new Set(names)].join(' or ')])
  },
} satisfies Runner
