/** What stands beside the tree and decides in runs, as it was at one moment. */
export type DependencyState = Readonly<Record<string, string>> | null

/** Notices that a program without a sandbox changed what runs have beside the tree. */
export interface DependencyWatch {
  look(): DependencyState
  /** The paths that changed, appeared or vanished since then; those of directories that are too large to be compared. */
  changedSince(state: DependencyState): Promise<readonly string[]>
}
