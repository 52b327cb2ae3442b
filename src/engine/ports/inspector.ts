import type { Execution, Rerun, TestCase, TestReport } from '../model/evidence.ts'
import type { FailuresInsteadOfTests, Runner } from './runner.ts'

/** What the output of one execution shows, before it is decided what it means. */
export interface Inspection {
  readonly runner: Runner | null
  readonly tests: TestReport | null
  readonly reruns: readonly Rerun[]
  readonly insteadOf: FailuresInsteadOfTests
  /** Why this end shows nothing about a bug, and how to fix that; null = it does show something. */
  readonly invalid: { readonly reason: string; readonly mend: string } | null
  /** The most informative line, normalised. */
  readonly headline: string
}

/** A place in a tracked file that an output names. */
export interface NamedPlace {
  readonly path: string
  readonly line: number | null
  /**
   * `fail`: where the failure happened, or what a diagnostic points at; `frame`: a call on the way there; `cause`: what a
   * note adds.
   */
  readonly role?: 'fail' | 'frame' | 'cause'
}

/** Reads what commands print; knows the runners and the files of the repository. */
export interface Inspector {
  /** `cwd`: where the command ran, relative to the top. */
  inspect(command: string, execution: Execution, cwd: string): Inspection
  /** The failing tests with their whole messages, for people and models; no verdict may be read from it. */
  failures(command: string, execution: Execution): readonly TestCase[]
  /** The runner that the words of a command show; null: none, or none that is known. */
  runnerOf(command: string): Runner | null
  /** Product and test files named in an output, best first. `cwd`: where the command ran, relative to the top. */
  places(execution: Execution, cwd: string): readonly NamedPlace[]
}
