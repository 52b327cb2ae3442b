/**
 * What the run of the base's own tree with its own tests read. It executes trusted code only, because no part of a change is
 * there yet. The run fills it in.
 */
export interface BaseReads {
  /** The files of the base that the run read; null: that could not be observed. */
  seen: ReadonlySet<string> | null
  /** Whether a test ran in it. A run that ended earlier shows nothing about the files that it did not read. */
  testsRan: boolean
  /** What the red run printed: it names modules that were missing. */
  redOutput: string
}
