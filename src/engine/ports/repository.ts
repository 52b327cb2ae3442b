import type { Change, TreeEdits, TreeEntry } from '../model/change.ts'
import type { CommitFacts } from '../model/commit.ts'
import type { Oid } from '../model/oid.ts'

/** The paths of the repository and the caller. All are absolute and real, except `prefix`. */
export interface RepositoryPaths {
  /** The top of the user's work tree. */
  readonly top: string
  /** The caller's directory relative to `top`: '' or 'sub/dir'. */
  readonly prefix: string
  /** The git directory of this work tree, and the one shared by all linked work trees. */
  readonly gitDir: string
  readonly commonDir: string
  readonly objectFormat: 'sha1' | 'sha256'
}

/** Trees and blobs. Everything here is content-addressed; nothing changes refs, index or work tree. */
export interface Objects {
  /** All files of a tree, recursively, gitlinks and symlinks included, sorted by path bytes. */
  list(tree: Oid): Promise<readonly TreeEntry[]>
  /** The blobs of a tree that are not in this repository; in a partial clone, that is most of them. */
  lacking(tree: Oid): Promise<readonly Oid[]>
  /** The bytes of a blob. Throws OBJECT_MISSING; TREE_TOO_LARGE if it has more than `most` bytes, which are then not read. */
  read(blob: Oid, most?: number): Promise<Uint8Array>
  /** `git diff-tree -r --raw -z --no-renames`, parsed. */
  changes(from: Oid, to: Oid): Promise<readonly Change[]>
  /**
   * The patch between two trees, always the same text: --full-index --binary --no-renames, with fixed algorithm, context and
   * prefixes.
   */
  patch(from: Oid, to: Oid): Promise<Uint8Array>
  /** A new tree: `tree` with these paths replaced, added or (null) removed. */
  edit(tree: Oid, edits: TreeEdits): Promise<Oid>
}

/** The result of `git apply` for a strict patch on a tree. */
export type PatchApplication =
  | { readonly ok: true; readonly tree: Oid }
  | { readonly ok: false; readonly reason: string }

export interface Patches {
  /** Applies a strict patch to a tree without any leniency flag, all or nothing, in no work tree. */
  apply(tree: Oid, patch: Uint8Array): Promise<PatchApplication>
  /** `git patch-id --stable` of a patch; null for an empty one. */
  id(patch: Uint8Array): Promise<string | null>
}

/** Objects that are hashed again when they are read, for verifiers. Throws MALFORMED if the content does not have the id. */
export interface VerifiedObjects extends Pick<Objects, 'list' | 'read' | 'changes'>, Pick<CommitHistory, 'commit'> {}

export interface CommitHistory {
  /** A revision as git resolves it, peeled to a commit; null if it names none. Options and ranges are never accepted. */
  resolve(rev: string): Promise<Oid | null>
  commit(oid: Oid): Promise<CommitFacts>
  mergeBase(a: Oid, b: Oid): Promise<Oid | null>
  /** Commits of A..B, oldest first. */
  range(from: Oid, to: Oid): Promise<readonly Oid[]>
  /** Those commits of `among` that `tip` contains, including `tip` itself. */
  contained(tip: Oid, among: ReadonlySet<Oid>): Promise<readonly Oid[]>
  /** Writes a commit object by the user (else by git-pp <git-pp@invalid>); without hooks and without a signature. */
  write(spec: { tree: Oid; parents: readonly Oid[]; message: string; at: Date }): Promise<Oid>
}

/** `from`: the value it must have now (null = must not exist, absent = any). */
export interface RefUpdate {
  readonly ref: string
  readonly to: Oid | null
  readonly from?: Oid | null
}

export interface Refs {
  list(prefix: string): Promise<ReadonlyMap<string, Oid>>
  /** All or nothing. Throws GIT_FAILED if a `from` is not the current value. */
  update(updates: readonly RefUpdate[]): Promise<void>
  /** Sets a pseudo-ref of this work tree, such as PP_HEAD. */
  point(name: string, to: Oid): Promise<void>
}

/** A change of one note: a line (without '\n' inside) that is added unless the note has it already, or the whole text. */
export type NoteWrite = { readonly ref: string; readonly commit: Oid } & (
  | { readonly line: string }
  | { readonly text: string }
)

/** Notes are byte-exact. A note consists of lines; each ends in '\n'. */
export interface Notes {
  read(ref: string, commit: Oid): Promise<Uint8Array | null>
  /** Adds a line to one note, see `publish`. */
  append(ref: string, commit: Oid, line: string): Promise<void>
  /**
   * Writes notes, and moves refs or pseudo-refs after them, all or nothing. Compare-and-swap: if another program writes to
   * the same notes, it is repeated. Throws GIT_FAILED if the `from` of a ref is not the current value.
   */
  publish(writes: readonly NoteWrite[], updates: readonly RefUpdate[]): Promise<void>
  /** Every annotated object. Throws MALFORMED if the ref does not hold a tree of notes. */
  list(ref: string): Promise<readonly Oid[]>
  /**
   * Every note of a ref or of a commit of notes, one by one, so that many large notes do not have to fit into memory. Notes
   * over 16 MiB are left out. Throws MALFORMED if it is not a tree of notes.
   */
  each(root: string, choice?: NoteChoice): AsyncIterable<readonly [object: Oid, bytes: Uint8Array]>
  /**
   * A new commit of notes: the notes of `tip` (null: none) with these edits, on top of it or without any history. No ref
   * moves.
   */
  commit(tip: Oid | null, edits: NoteEdits, past: 'kept' | 'dropped'): Promise<Oid>
}

/**
 * Which notes to read. `only`: the notes of these objects. `changedSince`: without notes that this ref or commit of notes has
 * byte for byte.
 */
export interface NoteChoice {
  readonly only?: ReadonlySet<Oid>
  readonly changedSince?: string
}

/** Annotated object → the whole new note; null removes it. */
export type NoteEdits = ReadonlyMap<Oid, Uint8Array | null>

/** A dirty work tree as a commit; index and files are not changed. */
export interface Snapshot {
  readonly commit: Oid
  readonly tree: Oid
  /** False: the work tree was clean, `commit` is HEAD itself. */
  readonly dirty: boolean
  /**
   * Paths that were left out, and why: it looks like a secret, exceeds a limit, is an embedded repository, or is not a
   * regular file.
   */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[]
}

export interface Snapshots {
  /**
   * `deny`: why an untracked or changed path must not be captured, or null. Throws UNSUPPORTED_REPOSITORY for an unmerged
   * index.
   */
  take(deny: (path: string) => string | null, at: Date): Promise<Snapshot>
}
