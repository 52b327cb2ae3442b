import { MAX_NOTE_BYTES, type NoteEntry, repetitionLimit, sameNote } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteChoice, Notes } from '../ports/repository.ts'
import type { ObjectReading } from './git-context.ts'
import { notesOnDisk, rootOf } from './notes-on-disk.ts'

/** How many notes, and how many bytes of them, are requested at the same time. */
const AT_ONCE = 256
const BYTES_AT_ONCE = 4 * MAX_NOTE_BYTES
const NOTHING: ReadonlyMap<Oid, readonly NoteEntry[]> = new Map()

/** The part of `Notes` that only reads. */
export function noteReader(reading: ObjectReading): Pick<Notes, 'read' | 'list' | 'each'> {
  return {
    read: (ref, commit) => readNote(reading, ref, commit),
    list: async (ref) => [...(await everyEntry(reading, ref)).keys()],
    each: (root, choice) => eachNote(reading, root, choice),
  }
}

async function everyEntry(reading: ObjectReading, notes: string): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>> {
  const root = await rootOf(reading, notes)
  return root === null ? NOTHING : notesOnDisk(reading).everyEntry(root, notes)
}

/** The whole note of an object; null where there is none. Throws MALFORMED for one of more than 16 MiB. */
export async function readNote(reading: ObjectReading, ref: string, commit: Oid): Promise<Buffer | null> {
  const root = await rootOf(reading, ref)
  const entries = root === null ? [] : await notesOnDisk(reading).entriesOf(root, commit)
  if (entries.length === 0) return null
  if ((await sizeOf(reading, entries)) <= MAX_NOTE_BYTES) return joined(reading, blobsOf(entries))
  throw new PpError(
    'MALFORMED',
    `the note of ${commit} in ${ref} is larger than ${MAX_NOTE_BYTES} bytes, so it is not read`,
  )
}

function blobsOf(entries: readonly NoteEntry[]): readonly Oid[] {
  return entries.map(({ blob }) => blob)
}

/** The content of a note, joined from its entries. */
export async function joined(reading: ObjectReading, blobs: readonly Oid[]): Promise<Buffer> {
  const parts = await Promise.all(blobs.map((blob) => reading.cat.read(blob, 'blob')))
  return parts.reduce((text, part) => Buffer.concat([text, Buffer.from(endsOpen(text) ? '\n' : ''), part]))
}

async function* eachNote(
  reading: ObjectReading,
  root: string,
  { only, changedSince }: NoteChoice = {},
): AsyncGenerator<readonly [Oid, Uint8Array]> {
  const known = changedSince === undefined ? NOTHING : await everyEntry(reading, changedSince)
  const wanted = [...(await everyEntry(reading, root))].filter(
    ([object, some]) => (only?.has(object) ?? true) && !sameNote(some, known.get(object)),
  )
  const count = repetitionLimit(root)
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const asked = wanted.slice(at, at + AT_ONCE)
    const sizes = await Promise.all(asked.map(([, some]) => sizeOf(reading, some)))
    const sized = asked.map(([object, some], n) => ({ object, some, size: sizes[n] ?? 0 }))
    for (const part of portions(sized.filter(({ size }) => size <= MAX_NOTE_BYTES))) {
      for (const { some, size } of part) count(some, size)
      yield* await Promise.all(
        part.map(async ({ object, some }) => [object, await joined(reading, blobsOf(some))] as const),
      )
    }
  }
}

/** Splits notes into groups that fit into memory. */
function portions<T extends { readonly size: number }>(notes: readonly T[]): T[][] {
  const all: T[][] = []
  let room = 0
  for (const note of notes) {
    if (note.size > room || all.length === 0) {
      all.push([])
      room = BYTES_AT_ONCE
    }
    all.at(-1)?.push(note)
    room -= note.size
  }
  return all
}

async function sizeOf(reading: ObjectReading, entries: readonly NoteEntry[]): Promise<number> {
  const headers = await Promise.all(entries.map(({ blob }) => reading.cat.info(blob)))
  return headers.reduce((sum, header) => sum + (header?.size ?? 0), 0)
}

/** Whether the last line of a note has no newline. */
export function endsOpen(note: Uint8Array): boolean {
  return note.length > 0 && note.at(-1) !== 10
}
