import { bytesOf } from '../core/canonical.ts'
import { edits, type Split, split } from '../core/split.ts'
import type { Change } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { Session } from './session.ts'

/** A change to be judged: where it starts, where it ends, and its parts. */
export interface Candidate {
  readonly tree: Oid
  readonly changes: readonly Change[]
  readonly split: Split
  /** The base with the tests that the change brings: here it has to be red. */
  readonly redTree: Oid
}

/** Takes a change of the base apart. */
export async function candidate(session: Session, tree: Oid): Promise<Candidate> {
  const changes = await session.objects.changes(session.base.tree, tree)
  const parts = split(changes, session.judgeOf)
  const redTree =
    parts.tests.length > 0
      ? await session.objects.edit(session.base.tree, edits(parts.tests, 'after'))
      : session.base.tree
  return { tree, changes, split: parts, redTree }
}

/** The strict patch of a change. */
export async function patchOf(session: Session, change: Candidate): Promise<Uint8Array> {
  return change.changes.length === 0 ? bytesOf('') : session.objects.patch(session.base.tree, change.tree)
}
