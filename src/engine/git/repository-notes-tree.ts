import { parseTreeObject, type ReadTreeObject } from '../core/gitobject/index.ts'
import { editedNotes, type NotesTree, notesTree } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteEdits } from '../ports/repository.ts'
import { writeCommit } from './commit-objects.ts'
import type { GitContext } from './git-context.ts'
import type { GitIdentity } from './identity.ts'
import { idBytesOf } from './object-format.ts'

/** In bytes. Larger trees are not read as notes. */
const MAX_TREE = 64 << 20

/** `notesTree` over the objects of a repository. */
export function notesOnDisk(gitContext: Pick<GitContext, 'cat' | 'place'>): NotesTree {
  return notesTree(notesReader(gitContext))
}

function notesReader({ cat, place }: Pick<GitContext, 'cat' | 'place'>): ReadTreeObject {
  return async (tree) => {
    const { size = 0 } = (await cat.info(tree)) ?? {}
    if (size > MAX_TREE)
      throw new PpError('MALFORMED', `the tree of notes ${tree} is larger than 64 MiB, so it is not read`)
    return parseTreeObject(tree, await cat.read(tree, 'tree'), idBytesOf(place))
  }
}

/** The subject of commits of notes; `git log --all` shows them between commits of people. */
const SUBJECT = 'git pp: proofs of commits, kept as notes\n'

/** The tree of a ref or commit of notes; null where there is none. */
export async function rootOf({ names }: Pick<GitContext, 'names'>, notes: string): Promise<Oid | null> {
  return (await names.find(`${notes}^{tree}`))?.oid ?? null
}

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
