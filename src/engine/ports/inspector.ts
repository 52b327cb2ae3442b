import type { Execution, Rerun, TestReport } from '../model/evidence.ts'
import type { FailuresInsteadOfTests, Runner } from './runner.ts'

/** What the output of one execution says, before anybody decides what it means. */
export interface Inspection {
  readonly runner: Runner | null
  readonly tests: TestReport | null
  readonly reruns: readonly Rerun[]
  readonly insteadOf: FailuresInsteadOfTests
  /** Why this end says nothing about a bug, and how to mend it; null = it does. */
  readonly invalid: { readonly reason: string; readonly mend: string } | null
  /** The most telling line, normalised. */
  readonly headline: string
}

/** Places of tracked files that an output names, best first. */
export interface NamedPlace {
  readonly path: string
  readonly line: number | null
  /** `fail`: where it broke or what a diagnostic points at; `frame`: on the way there; `cause`: what a note adds. */
  readonly role?: 'fail' | 'frame' | 'cause'
}

/** Reads what commands print; knows the runners and the repository's own files. */
export interface Inspector {
  /** `cwd`: where the command ran, relative to the top. */
  inspect(command: string, execution: Execution, cwd: string): Inspection
  /** Product and test files named in an output, best first. `cwd`: where the command ran, relative to the top. */
  places(execution: Execution, cwd: string): readonly NamedPlace[]
}
