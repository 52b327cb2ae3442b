import type { Edits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'

/** A checked-out tree outside the user's work tree, in a linked worktree of its own. */
export interface Workspace {
  readonly tree: Oid
  /** Absolute path of the files; its last component is the name of the user's checkout. */
  readonly dir: string
  /** A synthetic git directory (this tree, one commit, nothing else) that a sandbox may mount; null where none was made. */
  readonly git: SyntheticGit | null
  /** Writes files into the work tree (poison, an added test, a candidate); never into git. */
  write(edits: Edits): Promise<void>
  /**
   * Those of `paths` (files of the tree) that are no longer, byte for byte and in kind, what was checked out or last written → a
   * digest of what stands there.
   */
  touched(paths: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** A word for each of `paths`; it is another one once bytes, mode or times were set, also where they were put back. */
  stamps(paths: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Puts files of the tree back as they were checked out. */
  restore(paths: readonly string[]): Promise<void>
  /** Top-most paths that are not in the tree: what a command left or made, directories not descended into. */
  leftovers(): Promise<readonly string[]>
  /** Removes work tree and registration; never throws for what is already gone. */
  dispose(): Promise<void>
}

/** Host paths: `dir` is writable and thrown away, its alternates name `objectsInside`, where `objects` is to be mounted read-only. */
export interface SyntheticGit {
  readonly dir: string
  readonly objects: string
  readonly objectsInside: string
}

export interface Workspaces {
  /** A fresh checkout of `tree`. Filters never run; what was skipped is in `facts`. */
  open(tree: Oid): Promise<Workspace>
  /** Facts for environment.json, over all opened so far: filters that were skipped, submodules that could not be filled. */
  facts(): readonly string[]
  /** Filter → the files of trees opened so far for which it was not run. */
  unfiltered(): ReadonlyMap<string, readonly string[]>
}

/** A path beside the tree that must be there for commands to run: a dependency directory, an included file. */
export interface IncludedDependency {
  /** Relative to the top, '/'-separated. */
  readonly path: string
  /** Absolute path of the content on this machine. */
  readonly source: string
  readonly directory: boolean
}
