import type { Oid } from './oid.ts'

/** What a commit object says. */
export interface CommitFacts {
  readonly oid: Oid
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly subject: string
  readonly message: string
  /** Name and address, a claim. */
  readonly author: string
  /** The committer's time in seconds since 1970, a claim like all the rest; 0 where it says none. */
  readonly at: number
}
