/**
 * The smallest test runner: a line `adds: calc.js has right` of a file under test/ is a test called adds, which passes where
 * calc.js holds that text. `adds: skipped` is a test that is skipped.
 */
import type { TestCase, TestReport } from '../../src/engine/model/evidence.ts'
import type { Runner } from '../../src/engine/ports/runner.ts'
import type { Files } from './repository.ts'

const TEST = /^(?<id>[\w ]+): (?:(?<path>\S+) has (?<text>.+)|skipped)$/

/** What the tests of these files print: a line for each test, `ok`, `skip` or `not ok` and why. */
export function suite(files: Files): string {
  return Object.entries(files)
    .filter(([path]) => path.startsWith('test/'))
    .flatMap(([, text]) => text.split('\n'))
    .flatMap((line) => {
      const { id, path, text } = TEST.exec(line)?.groups ?? {}
      if (id === undefined) return []
      if (path === undefined || text === undefined) return `skip ${id}`
      return files[path]?.includes(text) ? `ok ${id}` : `not ok ${id}: ${path} lacks ${text}`
    })
    .map((line) => `${line}\n`)
    .join('')
}

/** A line that `suite` prints. */
const RESULT = /^(?:(?<passed>ok)|(?<skipped>skip)|not ok) (?<id>[^:]*)(?:: (?<message>.*))?$/

export interface Habits {
  /** Names failing tests only, and counts all. */
  readonly counts?: boolean
  /** Names all tests when its environment asks it to. */
  readonly lists?: boolean
}

/** The variable that asks for a whole list. */
export const LIST = 'LIST'

/** Lines `again ID` tell of tests that were run again, `usage: …` of a run that was none. */
export function runnerWith({ counts = false, lists = false }: Habits = {}): Runner {
  const report = (output: string, named: boolean): TestReport | null => {
    const tests = output.split('\n').flatMap((line): TestCase[] => {
      const { passed, skipped, id, message } = RESULT.exec(line)?.groups ?? {}
      if (id === undefined) return []
      return [{ id, outcome: passed ? 'passed' : skipped ? 'skipped' : 'failed', ...(message && { message }) }]
    })
    if (tests.length === 0) return null
    const count = (outcome: string) => tests.filter((one) => one.outcome === outcome).length
    return {
      runner: 'lines',
      counts: { passed: count('passed'), failed: count('failed'), errors: 0, skipped: count('skipped') },
      tests: named ? tests : tests.filter(({ outcome }) => outcome === 'failed'),
      named,
    }
  }
  return {
    kind: 'lines',
    recognises: () => true,
    read: (output) => report(output, !counts || output.startsWith(LIST)),
    reruns: (output) => [...output.matchAll(/^again (.*)$/gm)].map(([, id = '']) => ({ id, times: 1 })),
    invalid: (output) => {
      const [, reason] = /^usage: (.*)$/m.exec(output) ?? []
      return reason === undefined ? null : { reason, mend: 'say it in another way' }
    },
    testListing: () => (lists ? { env: () => ({ [LIST]: 'all' }) } : null),
    addFailingTest: (path, text, name) =>
      path.startsWith('test/') ? `${text}\n${name}: nothing has anything\n` : null,
    select: (command, tests) =>
      'shell' in command ? { shell: `${command.shell} only ${tests.map(({ id }) => id).join()}` } : null,
    leaveOut: (command, tests) =>
      'shell' in command ? { shell: `${command.shell} without ${tests.map(({ id }) => id).join()}` } : null,
  }
}
