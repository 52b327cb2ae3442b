/**
 * What the run of the base's own tree with its own tests read. It executes trusted code only, because no part of a change is
 * there yet. The run fills it in.
 */
export interface BaseReads {
  /** The files of the base that the run read; null: that could not be observed. */
  seen: ReadonlySet<string> | null
  /** Data that a judge reads, and the judge. It is known only for what was traced. */
  readonly byJudges: Map<string, string>
  /** Files with functions that the test runner called, other than tests. It is known only for what was traced. */
  readonly byRunner: Set<string>
  /** Whether a test ran in it. A run that ended earlier shows nothing about the files that it did not read. */
  testsRan: boolean
  /** What the red run printed: it names modules that were missing. */
  redOutput: string
}
