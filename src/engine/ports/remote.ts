import type { Oid } from '../model/oid.ts'

/** What a push wants of one ref of the remote. */
export interface RemoteUpdate {
  /** Full name there. */
  readonly ref: string
  /** The commit it shall point to; null deletes it. */
  readonly to: Oid | null
  /** Forced, and only where the remote has this value now; without it the update must be a fast-forward or new. */
  readonly lease?: Oid
}

/** An update that the remote, or git on its behalf, did not take; `why` in its own words. */
export interface RejectedUpdate {
  readonly ref: string
  readonly why: string
}

/** Another repository, contacted as the user's own git would: their credentials, ssh, proxies and pre-push hook. */
export interface Remote {
  /** What its proofs are filed under here; never a password. */
  readonly name: string
  /** Every ref that it shows, name → object. Throws GIT_FAILED with git's words. */
  list(): Promise<ReadonlyMap<string, Oid>>
  /**
   * Brings what it has under these refs (one `*` each, or a plain name or object id that must be there) and lends it: name
   * there → object. It stands in private refs until `use` ends; nothing else of this repository changes.
   */
  fetch<T>(refs: readonly string[], use: (fetched: ReadonlyMap<string, Oid>) => Promise<T>): Promise<T>
  /** One push. Throws GIT_FAILED where it did not get so far (no connection, pre-push hook). */
  push(updates: readonly RemoteUpdate[]): Promise<readonly RejectedUpdate[]>
}

/** An object that would be sent; `path`: one of its paths, null for a commit. */
export interface SentObject {
  readonly oid: Oid
  readonly path: string | null
}

export interface Remotes {
  /** Those that are configured. */
  readonly names: readonly string[]
  /** Whether a word names a remote: one that is configured, or a URL or path. */
  knows(word: string): boolean
  /** Null: the one git would take. Throws USAGE. */
  open(word: string | null, to: 'fetch' | 'push'): Promise<Remote>
  /** Blobs and commits reachable from `tips`, and not from what of `have` is here. */
  between(tips: readonly Oid[], have: readonly Oid[]): Promise<readonly SentObject[]>
  /** The bytes of an object; null where it is larger than 256 MiB. */
  read(object: SentObject): Promise<Uint8Array | null>
}
