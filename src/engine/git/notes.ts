import { randomInt } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_NOTE_BYTES, type NoteEntry, repetitionLimit, sameNote } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteChoice, Notes } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import { type GitIdentity, identEnv } from './identity.ts'
import { storeBlobs } from './objects.ts'
import { explainBlock, tryUpdate } from './refs.ts'
import { commitNotes, commitOfNotes, notesOnDisk, rootOf } from './repository-notes-tree.ts'

/** The namespace of unfinished notes; what a dead process left there may be deleted. */
export const NOTES_TEMP = 'refs/notes/pp-tmp'

const ATTEMPTS = 400
/** How many notes, and how many bytes of them, are requested at the same time. */
const AT_ONCE = 256
const BYTES_AT_ONCE = 4 * MAX_NOTE_BYTES
const NOTHING: ReadonlyMap<Oid, readonly NoteEntry[]> = new Map()

/**
 * `git notes add` updates its ref without checking the old value, so two writers would lose each other's notes. Here git
 * works on a private ref that starts at the tip, and the real ref moves by compare-and-swap. Blobs are added with hash-object
 * and -C, because -F strips white space.
 */
export function notes(gitContext: GitContext, ident: () => Promise<GitIdentity>): Notes {
  return {
    read: (ref, commit) => readNote(gitContext, ref, commit),
    append: (ref, commit, line) =>
      rewrite(gitContext, ident, ref, commit, (old) => withNoteLine(old ?? Buffer.alloc(0), line)),
    replace: (ref, commit, text) =>
      rewrite(gitContext, ident, ref, commit, (old) => (old?.equals(Buffer.from(text)) ? null : Buffer.from(text))),
    list: async (ref) => [...(await everyEntry(gitContext, ref)).keys()],
    each: (root, choice) => eachNote(gitContext, root, choice),
    commit: async (tip, edits, past) => commitNotes(gitContext, await ident(), tip, edits, past),
  }
}

/** A note with one more line; null if it has the line already. If the last line has no newline, it gets one. */
export function withNoteLine(note: Uint8Array, line: string): Buffer | null {
  if (line.includes('\n')) throw new PpError('INTERNAL', 'a line of a note cannot hold a newline')
  const text = Buffer.concat([note, Buffer.from(endsOpen(note) ? '\n' : '')])
  const added = Buffer.from(`${line}\n`)
  const there = text.subarray(0, added.length).equals(added) || text.includes(`\n${line}\n`)
  return there ? null : Buffer.concat([text, added])
}

async function everyEntry(gitContext: GitContext, notes: string): Promise<ReadonlyMap<Oid, readonly NoteEntry[]>> {
  const root = await rootOf(gitContext, notes)
  return root === null ? NOTHING : notesOnDisk(gitContext).everyEntry(root, notes)
}

async function readNote(gitContext: GitContext, ref: string, commit: Oid): Promise<Buffer | null> {
  const root = await rootOf(gitContext, ref)
  const entries = root === null ? [] : await notesOnDisk(gitContext).entriesOf(root, commit)
  if (entries.length === 0) return null
  if ((await sizeOf(gitContext, entries)) <= MAX_NOTE_BYTES) return joined(gitContext, entries)
  throw new PpError(
    'MALFORMED',
    `the note of ${commit} in ${ref} is larger than ${MAX_NOTE_BYTES} bytes, so it is not read`,
  )
}

/** The content of a note, joined from its entries. */
async function joined(gitContext: GitContext, entries: readonly NoteEntry[]): Promise<Buffer> {
  const parts = await Promise.all(entries.map(({ blob }) => gitContext.cat.read(blob, 'blob')))
  return parts.reduce((text, part) => Buffer.concat([text, Buffer.from(endsOpen(text) ? '\n' : ''), part]))
}

async function* eachNote(
  gitContext: GitContext,
  root: string,
  { only, changedSince }: NoteChoice = {},
): AsyncGenerator<readonly [Oid, Uint8Array]> {
  const known = changedSince === undefined ? NOTHING : await everyEntry(gitContext, changedSince)
  const wanted = [...(await everyEntry(gitContext, root))].filter(
    ([object, some]) => (only?.has(object) ?? true) && !sameNote(some, known.get(object)),
  )
  const count = repetitionLimit(root)
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const asked = wanted.slice(at, at + AT_ONCE)
    const sizes = await Promise.all(asked.map(([, some]) => sizeOf(gitContext, some)))
    const sized = asked.map(([object, some], n) => ({ object, some, size: sizes[n] ?? 0 }))
    for (const part of portions(sized.filter(({ size }) => size <= MAX_NOTE_BYTES))) {
      for (const { some, size } of part) count(some, size)
      yield* await Promise.all(part.map(async ({ object, some }) => [object, await joined(gitContext, some)] as const))
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

async function sizeOf(gitContext: GitContext, entries: readonly NoteEntry[]): Promise<number> {
  const headers = await Promise.all(entries.map(({ blob }) => gitContext.cat.info(blob)))
  return headers.reduce((sum, header) => sum + (header?.size ?? 0), 0)
}

function endsOpen(note: Uint8Array): boolean {
  return note.length > 0 && note.at(-1) !== 10
}

type NoteChange = (old: Buffer | null) => Buffer | null

async function rewrite(
  gitContext: GitContext,
  ident: () => Promise<GitIdentity>,
  ref: string,
  commit: Oid,
  change: NoteChange,
) {
  const who = await ident()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(randomInt(5, 20 + Math.min(attempt, 30) * 5))
    const tip = await tipOf(gitContext, ref)
    if (await tryRewrite(gitContext, who, { ref, commit, tip, change })) return
    // If the ref has not moved, there was no race with another writer; a ref may be in the way.
    if ((await tipOf(gitContext, ref)) === tip) await explainBlock(gitContext, [{ ref, to: commit }])
  }
  throw new PpError(
    'GIT_FAILED',
    `the note in ${ref} could not be written, because other programs kept writing to it; try again`,
  )
}

async function tipOf(gitContext: GitContext, ref: string): Promise<Oid | null> {
  const ran = await gitContext.user.run(['rev-parse', '--verify', '--quiet', '--end-of-options', ref])
  return ran.status === 0 ? ran.stdout.toString('utf8').trim() : null
}

interface NoteRewrite {
  readonly ref: string
  readonly commit: Oid
  readonly tip: Oid | null
  readonly change: NoteChange
}

/** One try from one tip; false when somebody else moved the ref or holds its lock. */
async function tryRewrite(gitContext: GitContext, who: GitIdentity, { ref, commit, tip, change }: NoteRewrite) {
  const scratch = gitContext.temp('note')
  const temp = `${NOTES_TEMP}/${basename(dirname(scratch))}-${basename(scratch)}`
  let done = false
  try {
    if (tip !== null && (await tryUpdate(gitContext, [{ ref: temp, to: tip, from: null }])) !== null) return false
    const bytes = change(tip === null ? null : await readNote(gitContext, temp, commit))
    if (bytes === null) return true
    const [blob = ''] = await storeBlobs(gitContext.plain, scratch, [bytes])
    await gitContext.user.bytes(['notes', '--ref', temp, 'add', '-f', '-C', blob, commit], { env: identEnv(who) })
    const made = await commitOfNotes(gitContext, who, (await tipOf(gitContext, `${temp}^{tree}`)) ?? '', tip)
    done =
      (await tryUpdate(gitContext, [
        { ref, to: made, from: tip },
        { ref: temp, to: null },
      ])) === null
    return done
  } finally {
    if (!done) await tryUpdate(gitContext, [{ ref: temp, to: null }])
  }
}
