import type { Oid } from '../model/oid.ts'

/** A path of the user's work tree that must not be written, and why. */
export interface CheckoutObstacle {
  readonly path: string
  readonly why: string
}

/** What git does with every commit of the user: whether it signs it, and which hooks it runs. */
export interface UserCommitSettings {
  readonly signs: boolean
  readonly hooks: readonly string[]
}

/** Writes to the user's own files, index and branch; only for commands that were asked to do that. */
export interface UserCheckout {
  /**
   * What prevents changing the files from one tree to another: ignored files, links, filters that are not run. `from` is the
   * current content of the files.
   */
  obstacles(from: Oid, to: Oid): Promise<readonly CheckoutObstacle[]>
  /**
   * Changes files from one tree to the other, and index entries that still have the content of the first. Other paths stay as
   * they are.
   */
  write(from: Oid, to: Oid): Promise<void>
  /** What a commit by git pp does not do. */
  rules(): Promise<UserCommitSettings>
  /** Moves HEAD and its branch from one commit to another. Throws GIT_FAILED when they moved meanwhile. */
  advance(from: Oid, to: Oid, why: string): Promise<void>
}
