import type { Command } from '../model/command.ts'
import type { Execution, Rerun, TestCase, TestReport } from '../model/evidence.ts'

/** One family of test runners: what its output means. A file of the evidence/runners room: `export default` one of these. */
export interface Runner {
  readonly kind: string
  /** The form of the ids of its tests, if they begin with the file of the test. */
  readonly ids?: Ids
  /** True if the command or its output belongs to this runner. `output` is stdout and stderr without ANSI escapes. */
  recognises(command: string, output: string): boolean
  /** What the output says, or null when it holds no result of this runner. Never throws. */
  read(output: string, execution: Execution): TestReport | null
  /**
   * For a runner that shows the output of its tests only if they fail: the runner's output without that. Otherwise another
   * runner would read results there that come and go with the failure.
   */
  withoutTestOutput?(output: string): string
  /** Tests that it ran again before it reported their result; absent: it never does, or never reports it. */
  reruns?(output: string): readonly Rerun[]
  /**
   * Failing cases that stand for tests that could not run, or for a group of tests: a hook, a file, a module, a package. Each
   * with the prefix of the ids of these tests ('' = they have no common prefix). Such an id disappears when the failure does.
   */
  insteadOf?(cases: readonly TestCase[], output: string): FailuresInsteadOfTests
  /**
   * Why this end is not a test failure (usage error, nothing collected, a collection that failed outside of the product), or
   * null.
   */
  invalid(output: string, execution: Execution): { readonly reason: string; readonly mend: string } | null
  /**
   * The environment that makes the runner list every test, and how to read the list; null if only the plain output is
   * available.
   */
  testListing(): TestListing | null
  /** The file with one failing test added, or null when this runner has no test in such a file. `name` is a unique identifier. */
  addFailingTest(path: string, text: string, name: string): string | null
  /**
   * The same file with more tests that must fail: one for each way of asserting that it uses, and its own tests with the ids
   * `failing`, each broken. In a report of the runner, each of `words` is in the id or the message of a failed test.
   */
  breakMore?(text: string, name: string, failing: readonly string[]): BrokenTests
  /**
   * The command that leaves these tests out with the runner's own option, as its user would type it. Null if the command is
   * more than one call of the runner, or if the option does not exist. Absent: the runner has no such option. Some runners
   * have the option only since some version, and it also leaves out tests with the same name elsewhere; so the command must
   * be run once before it is shown to people.
   */
  leaveOut?(command: Command, tests: readonly TestCase[]): Command | null
  /**
   * The command with the runner's own option that selects tests: it runs at least these, and as few others as that option
   * allows. Null and absent as for `leaveOut`. The caller must see the same tests fail before it uses the command.
   */
  select?(command: Command, tests: readonly TestCase[]): Command | null
  /**
   * The command with what makes the runner run the tests of these files, and as few others as it can. Paths are those from
   * where the command runs. Null and absent as for `leaveOut`, and for a command that names files itself where these would only
   * be added to them.
   */
  selectFiles?(command: Command, files: readonly string[]): Command | null
  /**
   * The command without what selects single tests of a file, so that it runs the same tests and others beside them. Null if
   * nothing selects, and as for `leaveOut`.
   */
  widen?(command: Command): Command | null
}

/** What the ids begin with: a path, or the dotted name of a module. */
export type Ids = 'file::test' | 'file › test' | 'module.test'

export type FailuresInsteadOfTests = ReadonlyMap<string, string>

export interface BrokenTests {
  readonly text: string
  readonly words: readonly string[]
}

export interface TestListing {
  /** `reports` is the private report directory as the command sees it. */
  env(reports: string): Readonly<Record<string, string>>
  /** Absent: the environment makes the output itself list them. */
  read?(reports: ReadonlyMap<string, Uint8Array>): TestReport | null
}
