import { editedNotes } from '../core/notes-tree/index.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteEdits } from '../ports/repository.ts'
import { writeCommit } from './commit-objects.ts'
import type { GitContext } from './git-context.ts'
import type { GitIdentity } from './identity.ts'
import { notesReader, rootOf } from './notes-on-disk.ts'

/** The subject of commits of notes; `git log --all` shows them between commits of people. */
const SUBJECT = 'git pp: proofs of commits, kept as notes\n'

/** What new notes are put on. `past`: whether the new commit names the old one as its parent. */
export interface NotesBase {
  /** A commit of notes; null: there are none yet. */
  readonly tip: Oid | null
  readonly past: 'kept' | 'dropped'
  /** Makes one note of several entries of the same object. */
  readonly join: (blobs: readonly Oid[]) => Promise<Uint8Array>
}

/** Implements `Notes.commit`. */
export async function commitNotes(
  gitContext: GitContext,
  by: GitIdentity,
  { tip, past, join }: NotesBase,
  edits: NoteEdits,
): Promise<Oid> {
  const { writer, place } = gitContext
  const root = tip === null ? null : await rootOf(gitContext, tip)
  const written = [...edits].flatMap(([object, bytes]) => (bytes === null ? [] : [{ object, bytes }]))
  const store = (blobs: readonly Uint8Array[]) => writer.write('blob', blobs)
  const blobs = await store(written.map(({ bytes }) => bytes))
  const byObject = new Map<Oid, Oid | null>([...edits.keys()].map((object) => [object, null]))
  for (const [at, { object }] of written.entries()) byObject.set(object, blobs[at] ?? null)
  const editing = {
    read: notesReader(gitContext),
    combine: async (several: readonly Oid[]) => (await store([await join(several)]))[0] ?? '',
    format: place.objectFormat,
    name: tip ?? '',
  }
  const { root: tree, trees } = await editedNotes(editing, root, byObject)
  await writer.write('tree', trees)
  const parents = tip === null || past === 'dropped' ? [] : [tip]
  return writeCommit(gitContext, { tree, parents, message: SUBJECT, by, at: new Date() })
}
