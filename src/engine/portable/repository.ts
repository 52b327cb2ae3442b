import { patchId } from '../core/gitpatch/index.ts'
import { printPatch } from '../core/patch/index.ts'
import type { Oid } from '../model/oid.ts'
import type { CommitHistory, Notes, Patches, Refs, VerifiedObjects } from '../ports/repository.ts'
import { openGitDirectories } from './git-directories.ts'
import { history } from './history.ts'
import { type Files, limitedReader } from './limited-reader.ts'
import { notes } from './notes.ts'
import { type RehashedStore, rehashedStore } from './objects.ts'
import { refs } from './refs.ts'

/** A repository that is read only, and without git. */
export interface PortableRepository {
  readonly objects: VerifiedObjects
  readonly history: Pick<CommitHistory, 'resolve' | 'mergeBase' | 'range'>
  readonly refs: Pick<Refs, 'list'>
  readonly notes: Pick<Notes, 'read' | 'list' | 'each'>
  readonly patches: Pick<Patches, 'id'>
  readonly patch: (from: Oid, to: Oid) => Promise<Uint8Array>
  /** The commit of PP_HEAD of this work tree, else of HEAD; null if neither exists. */
  newest(): Promise<Oid | null>
}

/** Throws NOT_A_REPOSITORY, UNSUPPORTED_REPOSITORY. */
export async function openPortable(files: Files, where: { dir: string; gitdir?: string }): Promise<PortableRepository> {
  const disk = limitedReader(files)
  const place = await openGitDirectories(files, disk, where)
  const objects = rehashedStore(files, disk, place)
  const named = refs(disk, place)
  const past = history(objects, named, place)
  return {
    objects,
    history: past,
    refs: named,
    notes: notes(objects, named),
    patches: { id: async (patch) => patchId(patch) },
    patch: (from, to) => patchOf(objects, from, to),
    newest: async () => (await past.resolve('PP_HEAD')) ?? past.resolve('HEAD'),
  }
}

/**
 * The patch between two trees as text; empty if one of the files is not text. Only used to find the same change elsewhere; no
 * verdict but STALE depends on it.
 */
async function patchOf(objects: RehashedStore, from: Oid, to: Oid): Promise<Uint8Array> {
  const side = async (one: { mode: string; oid: Oid } | null) => (one ? objects.read(one.oid) : null)
  const changes = (await objects.changes(from, to)).filter(({ before, after }) =>
    (after ?? before)?.mode.startsWith('100'),
  )
  const texts = changes.map(async ({ path, before, after }) => ({
    path,
    before: await side(before),
    after: await side(after),
    mode: (after ?? before)?.mode === '100755' ? ('100755' as const) : ('100644' as const),
  }))
  const printed = printPatch(await Promise.all(texts))
  return printed.ok ? printed.patch : new Uint8Array()
}
