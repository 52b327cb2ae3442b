import type { Oid } from '../../model/oid.ts'
import type { CommitHistory, Objects, Patches, Refs, Snapshots } from '../../ports/repository.ts'

/** What finding a base and a change needs of the repository. */
export interface ChangeSource {
  readonly history: CommitHistory
  readonly objects: Objects
  readonly patches: Patches
  readonly snapshots: Snapshots
  readonly refs: Refs
  /** The commit of HEAD; null before the first one. */
  head(): Promise<Oid | null>
  now(): Date
}
