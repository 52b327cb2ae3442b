import { MAX_NOTE_BYTES, type NoteEntry, notesTree, repetitionLimit, sameNote } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteChoice, Notes } from '../ports/repository.ts'
import type { RehashedStore } from './objects.ts'
import type { PortableRefs } from './refs.ts'

/**
 * Reads notes from their tree. Git spreads them over directories with names of two digits as the tree grows, so a note may be
 * at any depth, and at several if writers used different depths. Implemented here, because isomorphic-git only knows the flat
 * form.
 */
export function notes(objects: RehashedStore, refs: PortableRefs): Pick<Notes, 'read' | 'list' | 'each'> {
  const trees = notesTree(objects.tree)
  const rootOf = async (ref: string): Promise<Oid | null> => {
    const tip = ref.startsWith('refs/') ? await refs.read(ref) : ref
    return tip === null ? null : (await objects.commit(tip)).tree
  }
  const every = async (ref: string) => {
    const root = await rootOf(ref)
    return root === null ? new Map<Oid, readonly NoteEntry[]>() : trees.everyEntry(root, ref)
  }
  /** Null where it is too large. */
  const noteOf = async (entries: readonly NoteEntry[]): Promise<Uint8Array | null> => {
    const sizes = await Promise.all(entries.map(({ blob }) => objects.size(blob)))
    if (sizes.reduce((sum, size) => sum + size, 0) > MAX_NOTE_BYTES) return null
    return joined(await Promise.all(entries.map(({ blob }) => objects.read(blob))))
  }
  async function* each(
    ref: string,
    { only, changedSince }: NoteChoice = {},
  ): AsyncGenerator<readonly [Oid, Uint8Array]> {
    const known = changedSince === undefined ? null : await every(changedSince)
    const count = repetitionLimit(ref)
    for (const [object, entries] of await every(ref)) {
      if (only?.has(object) === false || sameNote(entries, known?.get(object))) continue
      const note = await noteOf(entries)
      if (note === null) continue
      count(entries, note.length)
      yield [object, note]
    }
  }
  return {
    async read(ref, commit) {
      const root = await rootOf(ref)
      const entries = root === null ? [] : await trees.entriesOf(root, commit)
      if (entries.length === 0) return null
      const note = await noteOf(entries)
      if (note !== null) return note
      throw new PpError(
        'MALFORMED',
        `the note of ${commit} in ${ref} is larger than ${MAX_NOTE_BYTES} bytes, so it is not read`,
      )
    },
    each,
    list: async (ref) => [...(await every(ref)).keys()],
  }
}

/** Joins the parts; a part without a newline at its end gets one. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts
  if (first && others.length === 0) return first
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.from(part.length > 0 && part.at(-1) !== 10 ? '\n' : '')]))
}
