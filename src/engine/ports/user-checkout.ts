import type { Oid } from '../model/oid.ts'

/** A path of the user's work tree that must not be written, and why. */
export interface CheckoutObstacle {
  readonly path: string
  readonly why: string
}

/** What git does to every commit of the user: signs it, runs these hooks. */
export interface UserCommitSettings {
  readonly signs: boolean
  readonly hooks: readonly string[]
}

/** Writes to the user's own files, index and branch; only for those who asked for that. */
export interface UserCheckout {
  /**
   * What stands in the way of changing the files from one tree to another: ignored files, links, filters that are not run.
   * `from` is what the files hold now.
   */
  obstacles(from: Oid, to: Oid): Promise<readonly CheckoutObstacle[]>
  /** Changes files from one tree to the other, and the index where it holds the first. Other paths stay. */
  write(from: Oid, to: Oid): Promise<void>
  /** What a commit of ours leaves out. */
  rules(): Promise<UserCommitSettings>
  /** Moves HEAD and its branch from one commit to another. Throws GIT_FAILED when they moved meanwhile. */
  advance(from: Oid, to: Oid, why: string): Promise<void>
}
