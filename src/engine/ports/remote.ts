import type { Oid } from '../model/oid.ts'

/** The wanted change of one ref of the remote. */
export interface RemoteUpdate {
  /** The full name of the ref on the remote. */
  readonly ref: string
  /** The commit it shall point to; null deletes it. */
  readonly to: Oid | null
  /** Forced, but only if the remote has this value now; without it, the update must be a fast-forward or a new ref. */
  readonly lease?: Oid
}

/** An update that the remote, or git in its place, refused; `why` is its message. */
export interface RejectedUpdate {
  readonly ref: string
  readonly why: string
}

/** Another repository, contacted as the user's own git would: their credentials, ssh, proxies and pre-push hook. */
export interface Remote {
  /** The name under which its proofs are stored here; never contains a password. */
  readonly name: string
  /** Every ref that it shows, name → object. Throws GIT_FAILED with git's words. */
  list(): Promise<ReadonlyMap<string, Oid>>
  /**
   * Fetches what it has under these refs (with one `*` each, or a plain name or object id that must exist) and passes it to
   * `use`: name on the remote → object. The objects are in private refs until `use` ends; nothing else in this repository
   * changes.
   */
  fetch<T>(refs: readonly string[], use: (fetched: ReadonlyMap<string, Oid>) => Promise<T>): Promise<T>
  /** One push. Throws GIT_FAILED if it could not be attempted (no connection, pre-push hook). */
  push(updates: readonly RemoteUpdate[]): Promise<readonly RejectedUpdate[]>
}

/** An object that would be sent; `path`: one of its paths, null for a commit. */
export interface SentObject {
  readonly oid: Oid
  readonly path: string | null
}

export interface Remotes {
  /** The names of the configured remotes. */
  readonly names: readonly string[]
  /** Whether a word names a remote: a configured one, or a URL or path. */
  knows(word: string): boolean
  /** Null: the remote that git would choose. Throws USAGE. */
  open(word: string | null, to: 'fetch' | 'push'): Promise<Remote>
  /** Blobs and commits that are reachable from `tips`, but not from the objects of `have` that are in this repository. */
  between(tips: readonly Oid[], have: readonly Oid[]): Promise<readonly SentObject[]>
  /** The bytes of an object; null where it is larger than 256 MiB. */
  read(object: SentObject): Promise<Uint8Array | null>
}
