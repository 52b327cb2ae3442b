import type { Command } from '../model/command.ts'
import type { Execution, Rerun, TestCase, TestReport } from '../model/evidence.ts'

/** One family of test runners: what its output means. A file of the evidence/runners room: `export default` one of these. */
export interface Runner {
  readonly kind: string
  /** What the ids of its tests begin with, where that says in which file a test stands. */
  readonly ids?: Ids
  /** True when the command or its output is this runner's. `output` is stdout and stderr, ANSI removed. */
  recognises(command: string, output: string): boolean
  /** What the output says, or null when it holds no result of this runner. Never throws. */
  read(output: string, execution: Execution): TestReport | null
  /**
   * For a runner that shows what its tests print only where they fail: the output without that. What another runner could read
   * there would come and go with the failure.
   */
  withoutTestOutput?(output: string): string
  /** Tests that it ran again before it told their end; absent: it never does, or never says so. */
  reruns?(output: string): readonly Rerun[]
  /**
   * Failing cases that stand instead of tests which could not run, or above them: a hook, a file, a module, a package. Each
   * with what the ids of these tests begin with ('' = nothing in common). Such an id goes away when the failure does.
   */
  insteadOf?(cases: readonly TestCase[], output: string): FailuresInsteadOfTests
  /** Why this end is no test failure (usage error, nothing collected, a collection that broke outside the product), or null. */
  invalid(output: string, execution: Execution): { readonly reason: string; readonly mend: string } | null
  /** Environment that makes the runner list every test, and how to read it; null where the plain output has to do. */
  testListing(): TestListing | null
  /** The file with one failing test added, or null when this runner has no test in such a file. `name` is a unique identifier. */
  addFailingTest(path: string, text: string, name: string): string | null
  /**
   * The same file with more that must fail: a test for each way of asserting that it uses, and its own tests of the ids
   * `failing`, each broken. A report of the runner shows each of `words` in the id or the message of a failed test.
   */
  breakMore?(text: string, name: string, failing: readonly string[]): BrokenTests
  /**
   * The command as its user would type it to leave these tests out, by the runner's own option; null where the command is more
   * than one call of the runner or the runner has no such option. Absent: it has none. Some runners know an option since a
   * certain version, and leave out what has the same name elsewhere: whoever shows the command to people runs it first.
   */
  leaveOut?(command: Command, tests: readonly TestCase[]): Command | null
}

/** A path, or the dotted name of a module. */
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
