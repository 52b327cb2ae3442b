import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { TreeObjectEntry } from '../gitobject/index.ts'

/** Where a note stands in its tree; git spreads many notes over directories of two digits, and reads any mixture. */
export interface NoteEntry {
  readonly path: string
  readonly blob: Oid
}

/** Trees of notes; `root` is the tree of a commit of notes. */
export interface NotesTree {
  /** Entries of one object; several where writers disagreed about the spread, the deepest first. */
  entriesOf(root: Oid, object: Oid): Promise<readonly NoteEntry[]>
  /** Every note: annotated object → its entries. What is no note in the tree is left out. `name`: for MALFORMED. */
  everyEntry(root: Oid, name: string): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>>
}

/** More notes than this are no notes of proofs. */
const MAX_NOTES = 1_000_000
/** How many trees are asked for before the first is waited for. */
const AT_ONCE = 256

interface NotesSubtree {
  readonly tree: Oid
  /** With a slash at its end, but for the root. */
  readonly path: string
}

/**
 * Reads trees of notes that a stranger may have made. Twenty trees that hold each other come to more notes than any memory
 * has room for; but no two objects of a repository share all but their first digits, so no honest tree stands in two places.
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

type ReadNotesTree = (tree: Oid) => Promise<readonly TreeObjectEntry[]>

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
        if (seen.size === seen.add(oid).size) throw none(name, `it holds the tree ${oid} twice`)
        next.push({ tree: oid, path: `${path}/` })
      } else if (mode === '100644' && object.length === root.length) {
        if (++count > MAX_NOTES) throw none(name, `it holds more than ${MAX_NOTES} notes`)
        notes.set(object, [...(notes.get(object) ?? []), { path, blob: oid }].sort(byPath))
      }
    }
    level = next
  }
  return notes
}

/** What can be a note, or a directory of them. */
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

/** The same notes, byte for byte. */
export function sameNote(one: readonly NoteEntry[], other: readonly NoteEntry[] = []): boolean {
  return key(one) === key(other)
}

/** A note says what it is about, so honest ones are not the same on many commits; bytes of all that were read before. */
const MAX_AGAIN = 64 << 20

/** Is told of every note that is to be read. Throws MALFORMED where a few large ones stand on very many objects. */
export function repetitionLimit(name: string): (entries: readonly NoteEntry[], size: number) => void {
  const seen = new Set<string>()
  let again = 0
  return (entries, size) => {
    if (seen.size === seen.add(key(entries)).size) again += size
    if (again > MAX_AGAIN) throw none(name, 'the same large notes stand on many commits')
  }
}

function key(entries: readonly NoteEntry[]): string {
  return entries.map(({ blob }) => blob).join(' ')
}

function none(name: string, why: string): PpError {
  return new PpError('MALFORMED', `${name} is not a valid tree of notes, so it is not read: ${why}`)
}
