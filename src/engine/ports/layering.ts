/** A tree of files made of several directories: the first ones cover the later ones, and what is written goes to none of them. */
export interface StackedTree {
  /** The files, for this process and the programs that it starts; valid until `dispose`. git cannot work on this path. */
  readonly dir: string
  /** The part of the tree that was written since it was stacked: whole directories down to each written or removed path. */
  readonly written: string
  /** The path of the files for programs in the namespaces below. */
  readonly inside: string
  /** The only user and mount namespaces in which the tree is mounted, as paths of this machine; valid until `dispose`. */
  readonly namespaces: { readonly user: string; readonly mount: string }
  /** Whether the space for what is written was seen to be full. */
  wasFull(): Promise<boolean>
  dispose(): void
}

/** How a stacked tree differs from a plain directory here, as a record says it. */
export interface StackedTreeFacts {
  /** False: renaming a directory of a lower layer fails with EXDEV, as between two file systems. */
  readonly renamesDirectories: boolean
  /** False: a file that was opened for reading does not show what is written to it later through another descriptor. */
  readonly readersSeeWrites: boolean
}

/** Stacks directories in mount namespaces that no other program sees and that end together with this process. */
export interface Layering {
  readonly facts: StackedTreeFacts
  /**
   * `place`: a new private directory for the mount points. `layers`: directories, the uppermost first; they must not change
   * until `dispose`. Throws DISK_FAILED.
   */
  stack(place: string, layers: readonly string[]): Promise<StackedTree>
}
