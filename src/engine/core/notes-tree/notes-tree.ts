import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { TreeObjectEntry } from '../gitobject/index.ts'

/** A note in its tree. Git spreads many notes over directories with names of two digits, and reads any mixture of depths. */
export interface NoteEntry {
  readonly path: string
  readonly blob: Oid
}

/** Trees of notes; `root` is the tree of a commit of notes. */
export interface NotesTree {
  /** The entries of one object, the deepest first. There can be several if writers used different depths. */
  entriesOf(root: Oid, object: Oid): Promise<readonly NoteEntry[]>
  /** Every note: annotated object → its entries. Other things in the tree are left out. `name` is used in MALFORMED errors. */
  everyEntry(root: Oid, name: string): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>>
}

/** A tree with more notes than this is not accepted. */
export const MAX_NOTES = 1_000_000
/** How many trees are requested at the same time. */
const AT_ONCE = 256

interface NotesSubtree {
  readonly tree: Oid
  /** With a trailing slash, except for the root. */
  readonly path: string
}

/**
 * Reads trees of notes that may come from an attacker. Twenty trees that contain each other can amount to more notes than fit
 * into memory. An honest tree never occurs in two places, because no two objects of a repository share all but their first
 * digits.
 */
export function notesTree(read: ReadNotesTree): NotesTree {
  return {
    async entriesOf(root, object) {
      const found: NoteEntry[] = []
      let [tree, path, rest] = [root, '', object]
      for (;;) {
        const entries = await read(tree)
        const note = entries.find(({ name, mode }) => mode === '100644' && name.toString('latin1') === rest)
        if (note) found.unshift({ path: path + rest, blob: note.oid })
        const start = rest.slice(0, 2)
        rest = rest.slice(2)
        const below = entries.find(({ name, mode }) => mode === '040000' && name.toString('latin1') === start)
        if (!below || rest === '') return found
        tree = below.oid
        path += `${start}/`
      }
    },
    everyEntry: (root, name) => everyEntry(read, root, name),
  }
}

/** Reads one tree object. */
export type ReadNotesTree = (tree: Oid) => Promise<readonly TreeObjectEntry[]>

async function everyEntry(
  read: ReadNotesTree,
  root: Oid,
  name: string,
): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>> {
  const notes = new Map<Oid, readonly NoteEntry[]>()
  const seen = new Set([root])
  let [level, count]: [NotesSubtree[], number] = [[{ tree: root, path: '' }], 0]
  while (level.length > 0) {
    const next: NotesSubtree[] = []
    for await (const { mode, oid, path, object } of entriesOfAll(read, level)) {
      if (mode === '040000' && object.length < root.length) {
        if (seen.size === seen.add(oid).size) throw notANotesTree(name, `it holds the tree ${oid} twice`)
        next.push({ tree: oid, path: `${path}/` })
      } else if (mode === '100644' && object.length === root.length) {
        if (++count > MAX_NOTES) throw notANotesTree(name, `it holds more than ${MAX_NOTES} notes`)
        notes.set(object, [...(notes.get(object) ?? []), { path, blob: oid }].sort(byPath))
      }
    }
    level = next
  }
  return notes
}

/** The entries that can be a note, or a directory of notes. */
async function* entriesOfAll(read: ReadNotesTree, level: readonly NotesSubtree[]) {
  for (let at = 0; at < level.length; at += AT_ONCE) {
    const some = level.slice(at, at + AT_ONCE)
    const trees = await Promise.all(some.map(async ({ tree, path }) => ({ under: path, entries: await read(tree) })))
    for (const { under, entries } of trees)
      for (const { name, mode, oid } of entries) {
        const path = under + name.toString('latin1')
        const object = path.replaceAll('/', '')
        const fits = mode === '040000' ? name.length === 2 : true
        if (fits && /^[0-9a-f]+$/.test(object)) yield { mode, oid, path, object }
      }
  }
}

function byPath(a: NoteEntry, b: NoteEntry): number {
  return a.path < b.path ? -1 : 1
}

/** Whether both are the same notes, byte for byte. */
export function sameNote(one: readonly NoteEntry[], other: readonly NoteEntry[] = []): boolean {
  return key(one) === key(other)
}

/**
 * In bytes, over all notes whose content was read before. A note says what it is about, so honest notes are not the same on
 * many commits.
 */
const MAX_AGAIN = 64 << 20

/**
 * Returns a function that has to be called for every note before it is read. It throws MALFORMED if a few large notes are on
 * very many objects.
 */
export function repetitionLimit(name: string): (entries: readonly NoteEntry[], size: number) => void {
  const seen = new Set<string>()
  let again = 0
  return (entries, size) => {
    if (seen.size === seen.add(key(entries)).size) again += size
    if (again > MAX_AGAIN) throw notANotesTree(name, 'the same large notes stand on many commits')
  }
}

function key(entries: readonly NoteEntry[]): string {
  return entries.map(({ blob }) => blob).join(' ')
}

export function notANotesTree(name: string, why: string): PpError {
  return new PpError('MALFORMED', `${name} is not a valid tree of notes, so it is not read: ${why}`)
}
