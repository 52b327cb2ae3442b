import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { type NoteKind, notesRefs } from '../refs/index.ts'
import { everyNote, indexLines, noteLinesOf } from '../store/index.ts'
import type { VerifierPorts } from './proof-case.ts'

/** The ports that reading notes needs. */
export type NotesReader = Pick<VerifierPorts, 'notes' | 'refs'>

/**
 * The lines of all notes of a kind on a commit, ours and fetched ones, each line once. A note that is too large is skipped.
 * Throws MALFORMED if there is no other note.
 */
export async function noteLinesOn(ports: NotesReader, kind: NoteKind, commit: Oid): Promise<string[]> {
  return (await notesOn(ports, kind, commit)).flat()
}

/** Like `noteLinesOn`, but one list for each note: ours first. */
export async function notesOn(ports: NotesReader, kind: NoteKind, commit: Oid): Promise<string[][]> {
  const notesReader: string[][] = []
  const known = new Set<string>()
  let fault: PpError | null = null
  for (const { ref } of await notesRefs(ports.refs, kind)) {
    try {
      const lines = new Set(noteLinesOf(await ports.notes.read(ref, commit)).filter((line) => !known.has(line)))
      for (const line of lines) known.add(line)
      notesReader.push([...lines])
    } catch (error) {
      if (!(error instanceof PpError) || error.code !== 'MALFORMED') throw error
      fault ??= error
    }
  }
  if (known.size === 0 && fault) throw fault
  return notesReader
}

/** Commits whose proof may be about the same change: the same trees, the same patch, or the named session. */
export async function commitsWithSameTrees(
  ports: NotesReader,
  wanted: { readonly trees: readonly [Oid, Oid]; readonly patchId: string | null; readonly session: string | null },
): Promise<Oid[]> {
  const found = new Set<Oid>()
  for await (const { commit, note } of everyNote(ports, 'index')) {
    for (const { baseTree, finalTree, patchId, session } of indexLines(note)) {
      const trees = baseTree === wanted.trees[0] && finalTree === wanted.trees[1]
      if (trees || (patchId !== null && patchId === wanted.patchId) || session === wanted.session) found.add(commit)
    }
  }
  return [...found]
}
