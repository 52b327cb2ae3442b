import type { Oid } from '../../model/oid.ts'
import type { CommitHistory, Objects, Patches, Refs, Snapshots } from '../../ports/repository.ts'

/** The repository, as far as a base and a change are found in it. */
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
