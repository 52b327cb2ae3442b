import { randomInt } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_NOTE_BYTES, type NoteEntry, repetitions, sameNote } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteChoice, Notes } from '../ports/repository.ts'
import type { Ground } from './ground.ts'
import { type Ident, identEnv } from './ident.ts'
import { commitNotes, commitOfNotes, notesOnDisk, rootOf } from './notes-tree.ts'
import { storeBlobs } from './objects.ts'
import { explainBlock, tryUpdate } from './refs.ts'

/** Where unfinished notes live; anything there of a dead process may go. */
export const NOTES_TEMP = 'refs/notes/pp-tmp'

const ATTEMPTS = 400
/** How many notes are asked for before the first is waited for, and how many bytes of them. */
const AT_ONCE = 256
const BYTES_AT_ONCE = 4 * MAX_NOTE_BYTES
const NOTHING: ReadonlyMap<Oid, readonly NoteEntry[]> = new Map()

/**
 * `git notes add` updates its ref without an old value, so two writers lose each other's notes. Here it works on a
 * private ref that starts at the tip, and the real ref moves by compare-and-swap. Blobs go in by hash-object and -C,
 * because -F strips white space.
 */
export function notes(ground: Ground, ident: () => Promise<Ident>): Notes {
  return {
    read: (ref, commit) => readNote(ground, ref, commit),
    append: (ref, commit, line) => rewrite(ground, ident, ref, commit, (old) => withLine(old ?? Buffer.alloc(0), line)),
    replace: (ref, commit, text) =>
      rewrite(ground, ident, ref, commit, (old) => (old?.equals(Buffer.from(text)) ? null : Buffer.from(text))),
    list: async (ref) => [...(await everyEntry(ground, ref)).keys()],
    each: (root, choice) => eachNote(ground, root, choice),
    commit: async (tip, edits, past) => commitNotes(ground, await ident(), tip, edits, past),
  }
}

/** A note with one line more; null when the line stands there. A last line without its newline gets one. */
export function withLine(note: Uint8Array, line: string): Buffer | null {
  if (line.includes('\n')) throw new PpError('INTERNAL', 'a line of a note cannot hold a newline')
  const text = Buffer.concat([note, Buffer.from(endsOpen(note) ? '\n' : '')])
  const added = Buffer.from(`${line}\n`)
  const there = text.subarray(0, added.length).equals(added) || text.includes(`\n${line}\n`)
  return there ? null : Buffer.concat([text, added])
}

async function everyEntry(ground: Ground, notes: string): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>> {
  const root = await rootOf(ground, notes)
  return root === null ? NOTHING : notesOnDisk(ground).everyEntry(root, notes)
}

async function readNote(ground: Ground, ref: string, commit: Oid): Promise<Buffer | null> {
  const root = await rootOf(ground, ref)
  const entries = root === null ? [] : await notesOnDisk(ground).entriesOf(root, commit)
  if (entries.length === 0) return null
  if ((await sizeOf(ground, entries)) <= MAX_NOTE_BYTES) return joined(ground, entries)
  throw new PpError(
    'MALFORMED',
    `the note of ${commit} in ${ref} is larger than ${MAX_NOTE_BYTES} bytes, so it is not read`,
  )
}

/** A note of one entry or of several. */
async function joined(ground: Ground, entries: readonly NoteEntry[]): Promise<Buffer> {
  const parts = await Promise.all(entries.map(({ blob }) => ground.cat.read(blob, 'blob')))
  return parts.reduce((text, part) => Buffer.concat([text, Buffer.from(endsOpen(text) ? '\n' : ''), part]))
}

async function* eachNote(
  ground: Ground,
  root: string,
  { only, unlike }: NoteChoice = {},
): AsyncGenerator<readonly [Oid, Uint8Array]> {
  const known = unlike === undefined ? NOTHING : await everyEntry(ground, unlike)
  const wanted = [...(await everyEntry(ground, root))].filter(
    ([object, some]) => (only?.has(object) ?? true) && !sameNote(some, known.get(object)),
  )
  const count = repetitions(root)
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const asked = wanted.slice(at, at + AT_ONCE)
    const sizes = await Promise.all(asked.map(([, some]) => sizeOf(ground, some)))
    const sized = asked.map(([object, some], n) => ({ object, some, size: sizes[n] ?? 0 }))
    for (const part of portions(sized.filter(({ size }) => size <= MAX_NOTE_BYTES))) {
      for (const { some, size } of part) count(some, size)
      yield* await Promise.all(part.map(async ({ object, some }) => [object, await joined(ground, some)] as const))
    }
  }
}

/** So few in each that there is room for them. */
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

async function sizeOf(ground: Ground, entries: readonly NoteEntry[]): Promise<number> {
  const headers = await Promise.all(entries.map(({ blob }) => ground.cat.info(blob)))
  return headers.reduce((sum, header) => sum + (header?.size ?? 0), 0)
}

function endsOpen(note: Uint8Array): boolean {
  return note.length > 0 && note.at(-1) !== 10
}

type Change = (old: Buffer | null) => Buffer | null

async function rewrite(ground: Ground, ident: () => Promise<Ident>, ref: string, commit: Oid, change: Change) {
  const who = await ident()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(randomInt(5, 20 + Math.min(attempt, 30) * 5))
    const tip = await tipOf(ground, ref)
    if (await tryRewrite(ground, who, { ref, commit, tip, change })) return
    // Nobody moved the ref, so this was no lost race but possibly a ref in the way.
    if ((await tipOf(ground, ref)) === tip) await explainBlock(ground, [{ ref, to: commit }])
  }
  throw new PpError(
    'GIT_FAILED',
    `the note in ${ref} could not be written, because other programs kept writing to it; try again`,
  )
}

async function tipOf(ground: Ground, ref: string): Promise<Oid | null> {
  const ran = await ground.user.run(['rev-parse', '--verify', '--quiet', '--end-of-options', ref])
  return ran.status === 0 ? ran.stdout.toString('utf8').trim() : null
}

interface Rewrite {
  readonly ref: string
  readonly commit: Oid
  readonly tip: Oid | null
  readonly change: Change
}

/** One try from one tip; false when somebody else moved the ref or holds its lock. */
async function tryRewrite(ground: Ground, who: Ident, { ref, commit, tip, change }: Rewrite) {
  const scratch = ground.temp('note')
  const temp = `${NOTES_TEMP}/${basename(dirname(scratch))}-${basename(scratch)}`
  let done = false
  try {
    if (tip !== null && (await tryUpdate(ground, [{ ref: temp, to: tip, from: null }])) !== null) return false
    const bytes = change(tip === null ? null : await readNote(ground, temp, commit))
    if (bytes === null) return true
    const [blob = ''] = await storeBlobs(ground.plain, scratch, [bytes])
    await ground.user.bytes(['notes', '--ref', temp, 'add', '-f', '-C', blob, commit], { env: identEnv(who) })
    const made = await commitOfNotes(ground, who, (await tipOf(ground, `${temp}^{tree}`)) ?? '', tip)
    done =
      (await tryUpdate(ground, [
        { ref, to: made, from: tip },
        { ref: temp, to: null },
      ])) === null
    return done
  } finally {
    if (!done) await tryUpdate(ground, [{ ref: temp, to: null }])
  }
}
