import type { Oid } from './oid.ts'

/** The content of a commit object. */
export interface CommitFacts {
  readonly oid: Oid
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly subject: string
  readonly message: string
  /** Name and address, as the commit claims. */
  readonly author: string
  /** The committer's time in seconds since 1970, also only a claim; 0 if the commit has none. */
  readonly at: number
}
