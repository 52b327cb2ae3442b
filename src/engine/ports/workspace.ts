import type { Edits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { StackedTree, StackedTreeFacts } from './layering.ts'

/** A checked-out tree outside of the user's work tree, in its own linked worktree. */
export interface Workspace {
  readonly tree: Oid
  /** Absolute path of the files; in a checkout, its last component is the name of the user's checkout. */
  readonly dir: string
  /** Where the files are mounted; null: `dir` is a plain directory, which every program sees. */
  readonly stack: StackedTree | null
  /** A synthetic git directory (this tree, one commit, nothing else) that a sandbox may mount; null where none was made. */
  readonly git: SyntheticGit | null
  /** Writes files into the work tree (poison, an added test, a candidate); never into git. */
  write(edits: Edits): Promise<void>
  /**
   * Those of `paths` (files of the tree) that no longer have the bytes and the kind that were checked out or last written → a
   * digest of their content.
   */
  touched(paths: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** A stamp for each of `paths`; it changes whenever bytes, mode or times are set, even if the old content is restored. */
  stamps(paths: readonly string[]): Promise<ReadonlyMap<string, string>>
  /**
   * Watches from now on which regular files of the tree are read, by whatever program. The function tells which ones were
   * read so far; null: this machine does not show it.
   */
  watchReads(): Promise<() => Promise<ReadonlySet<string> | null>>
  /** Puts files of the tree back as they were checked out. */
  restore(paths: readonly string[]): Promise<void>
  /** The topmost paths that are not in the tree: what a command left or made. Directories are not entered. */
  leftovers(): Promise<readonly string[]>
  /**
   * Files that are not in the tree, that `wanted` says yes to, and that git does not ignore by the rules in the tree `rules`;
   * links count, directories are entered.
   */
  untracked(wanted: (path: string) => boolean, rules: Oid): Promise<readonly string[]>
  /** Removes work tree and registration; does not throw if they are already gone. */
  dispose(): Promise<void>
}

/**
 * Paths on this machine: `dir` is writable and thrown away; its alternates name `objectsInside`, at which `objects` has to be
 * mounted read-only.
 */
export interface SyntheticGit {
  readonly dir: string
  readonly objects: string
  readonly objectsInside: string
}

/** `checkout`: all files are written to a plain directory. `any`: they may be stacked on a directory that others share. */
export type WorkspaceKind = 'checkout' | 'any'

/** How work trees are made, as environment.json says it. */
export type WorktreeFacts =
  | ({ readonly kind: 'overlay' } & StackedTreeFacts)
  | { readonly kind: 'checkout'; readonly reason: string | null }

export interface Workspaces {
  /** A new work tree with the files of `tree`. Filters never run; `facts` lists what was skipped. */
  open(tree: Oid, kind?: WorkspaceKind): Promise<Workspace>
  /** From now on, every work tree is a checkout. */
  useCheckouts(reason: string): void
  /** How most work trees were made so far. */
  worktrees(): WorktreeFacts
  /** Facts for environment.json about all workspaces so far: filters that were skipped, submodules that could not be filled. */
  facts(): readonly string[]
  /** Filter → the files of the trees opened so far that it was not run on. */
  unfiltered(): ReadonlyMap<string, readonly string[]>
}

/** A path outside of the tree that commands need: a dependency directory, an included file. */
export interface IncludedDependency {
  /** Relative to the top, '/'-separated. */
  readonly path: string
  /** Absolute path of the content on this machine. */
  readonly source: string
  readonly directory: boolean
}
