import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { indexLines, linesOf } from '../find.ts'
import { type NoteKind, notesRefs } from '../refs.ts'
import type { Desk } from './case.ts'

/** What reading notes needs. */
export type Shelves = Pick<Desk, 'notes' | 'refs'>

/**
 * The lines of all notes of a kind on a commit, ours and fetched ones, none twice. A note that is too large takes nothing from
 * the others. Throws MALFORMED where there is no other.
 */
export async function linesOn(desk: Shelves, kind: NoteKind, commit: Oid): Promise<string[]> {
  const found = new Set<string>()
  let fault: PpError | null = null
  for (const { ref } of await notesRefs(desk.refs, kind)) {
    try {
      for (const line of linesOf(await desk.notes.read(ref, commit))) found.add(line)
    } catch (error) {
      if (!(error instanceof PpError) || error.code !== 'MALFORMED') throw error
      fault ??= error
    }
  }
  if (found.size === 0 && fault) throw fault
  return [...found]
}

/** Commits whose proof may be that of a change from one tree to another: same trees, same patch, or the session it names. */
export async function carriersOf(
  desk: Shelves,
  wanted: { readonly trees: readonly [Oid, Oid]; readonly patchId: string | null; readonly session: string | null },
): Promise<Oid[]> {
  const found = new Set<Oid>()
  for (const { ref } of await notesRefs(desk.refs, 'index')) {
    for (const [commit, note] of await desk.notes.all(ref)) {
      for (const { baseTree, finalTree, patchId, session } of indexLines(note)) {
        const trees = baseTree === wanted.trees[0] && finalTree === wanted.trees[1]
        if (trees || (patchId !== null && patchId === wanted.patchId) || session === wanted.session) found.add(commit)
      }
    }
  }
  return [...found]
}
