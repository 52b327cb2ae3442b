import type { Oid } from '../../model/oid.ts'
import { type MadeTree, type TreeRow, treeOfRows } from '../gitobject/index.ts'
import { MAX_NOTES, notANotesTree, type ReadNotesTree } from './notes-tree.ts'

/** What editing notes needs. */
export interface NotesEditing {
  readonly read: ReadNotesTree
  /** The blob of a note that has several entries, which become one. */
  readonly combine: (blobs: readonly Oid[]) => Promise<Oid>
  readonly format: 'sha1' | 'sha256'
  /** Used in MALFORMED errors. */
  readonly name: string
}

/** Notes of a directory, as far as they were read. */
interface OpenNotes {
  /** Annotated object → its blobs, the deepest first. */
  readonly notes: Map<Oid, readonly Oid[]>
  /** Directories that were not read: the digits that all objects in them begin with → tree. */
  readonly closed: Map<string, Oid>
}

/** What has been read so far of the whole tree. */
interface NotesRead {
  readonly editing: NotesEditing
  readonly seen: Set<Oid>
  count: number
  /** Everything that is not a note, by its path, and the entries of the new tree. */
  readonly rows: Map<string, TreeRow>
}

/**
 * A tree of notes after these edits (object → blob, null: no note), with the directories that `git notes` would choose
 * (git, notes.c, determine_fanout): notes are spread over the next two digits if for each first digit of these there are two
 * notes or more, or a directory that was not read. Directories that no edit is about are kept as they are.
 */
export async function editedNotes(
  editing: NotesEditing,
  root: Oid | null,
  edits: ReadonlyMap<Oid, Oid | null>,
): Promise<MadeTree> {
  const done: NotesRead = { editing, seen: new Set(), count: 0, rows: new Map() }
  const all: OpenNotes = { notes: new Map(), closed: new Map() }
  if (root !== null) await load(done, all, root, '')
  for (const [object, blob] of edits) {
    for (let cut = 2; cut < object.length; cut += 2) await openAt(done, all, object.slice(0, cut))
    if (blob === null) all.notes.delete(object)
    else all.notes.set(object, [blob])
  }
  await spread(done, all, '')
  return treeOfRows(done.rows, editing.format)
}

const HEX = /^[0-9a-f]+$/

/** Reads one directory of notes. `start`: the digits of its path. */
async function load(done: NotesRead, { notes, closed }: OpenNotes, tree: Oid, start: string): Promise<void> {
  const { editing, seen, rows } = done
  // An honest directory never occurs in two places, see `notesTree`.
  if (seen.size === seen.add(tree).size) throw notANotesTree(editing.name, `it holds the tree ${tree} twice`)
  for (const { name, mode, oid } of await editing.read(tree)) {
    const word = name.toString('latin1')
    const object = start + word
    if (mode === '100644' && object.length === tree.length && HEX.test(word)) {
      notes.set(object, [oid, ...(notes.get(object) ?? [])])
      done.count++
    } else if (mode === '040000' && word.length === 2 && object.length < tree.length && HEX.test(word))
      closed.set(object, oid)
    else rows.set(folderOf(start) + word, { mode, oid })
  }
  if (done.count > MAX_NOTES) throw notANotesTree(editing.name, `it holds more than ${MAX_NOTES} notes`)
}

function folderOf(start: string): string {
  return start.replace(/../g, '$&/')
}

async function openAt(done: NotesRead, open: OpenNotes, start: string): Promise<void> {
  const tree = open.closed.get(start)
  if (tree === undefined) return
  open.closed.delete(start)
  await load(done, open, tree, start)
}

/** Adds the entries of notes that all begin with `start` to the new tree. */
async function spread(done: NotesRead, open: OpenNotes, start: string): Promise<void> {
  if (isDense(open, start)) {
    for (const [next, part] of partsOf(open, start.length + 2)) {
      const tree = part.closed.get(next)
      if (tree !== undefined && part.notes.size === 0)
        done.rows.set(folderOf(start) + next.slice(start.length), { mode: '040000', oid: tree })
      else {
        await openAt(done, part, next)
        await spread(done, part, next)
      }
    }
    return
  }
  while (open.closed.size > 0) for (const each of [...open.closed.keys()]) await openAt(done, open, each)
  for (const [object, blobs] of open.notes) {
    const [only = ''] = blobs
    const oid = blobs.length > 1 ? await done.editing.combine(blobs) : only
    done.rows.set(folderOf(start) + object.slice(start.length), { mode: '100644', oid })
  }
}

function isDense({ notes, closed }: OpenNotes, start: string): boolean {
  const counts = new Map<string, number>()
  const count = (word: string, by: number) => {
    const digit = word.charAt(start.length)
    counts.set(digit, (counts.get(digit) ?? 0) + by)
  }
  for (const object of notes.keys()) count(object, 1)
  for (const each of closed.keys()) count(each, 2)
  return [...'0123456789abcdef'].every((digit) => (counts.get(digit) ?? 0) >= 2)
}

/** The same notes by their first digits, `length` of them. */
function partsOf({ notes, closed }: OpenNotes, length: number): ReadonlyMap<string, OpenNotes> {
  const parts = new Map<string, OpenNotes>()
  const partOf = (word: string): OpenNotes => {
    const next = word.slice(0, length)
    const part = parts.get(next) ?? { notes: new Map(), closed: new Map() }
    parts.set(next, part)
    return part
  }
  for (const [object, blobs] of notes) partOf(object).notes.set(object, blobs)
  for (const [start, tree] of closed) partOf(start).closed.set(start, tree)
  return parts
}
