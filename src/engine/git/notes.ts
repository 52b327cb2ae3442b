import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_NOTE_BYTES, type NoteEntry, repetitionLimit, sameNote } from '../core/notes-tree/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { NoteChoice, Notes, NoteWrite, RefUpdate } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import type { GitIdentity } from './identity.ts'
import { explainBlock } from './refs.ts'
import { commitNotes, type NotesBase, notesOnDisk, rootOf } from './repository-notes-tree.ts'

/** The namespace of refs that hold what was fetched for a moment; what a dead process left there may be deleted. */
export const NOTES_TEMP = 'refs/notes/pp-tmp'

const ATTEMPTS = 400
/** How many notes, and how many bytes of them, are requested at the same time. */
const AT_ONCE = 256
const BYTES_AT_ONCE = 4 * MAX_NOTE_BYTES
const NOTHING: ReadonlyMap<Oid, readonly NoteEntry[]> = new Map()

/**
 * `git notes add` updates its ref without checking the old value, so two writers would lose each other's notes, and it strips
 * white space. Here the new tree of notes is made from the tip, and the ref moves by compare-and-swap.
 */
export function notes(gitContext: GitContext, ident: () => Promise<GitIdentity>): Notes {
  return {
    read: (ref, commit) => readNote(gitContext, ref, commit),
    append: (ref, commit, line) => publish(gitContext, ident, [{ ref, commit, line }], []),
    publish: (writes, updates) => publish(gitContext, ident, writes, updates),
    list: async (ref) => [...(await everyEntry(gitContext, ref)).keys()],
    each: (root, choice) => eachNote(gitContext, root, choice),
    commit: async (tip, edits, past) => commitNotes(gitContext, await ident(), baseOf(gitContext, tip, past), edits),
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
  if ((await sizeOf(gitContext, entries)) <= MAX_NOTE_BYTES) return joined(gitContext, blobsOf(entries))
  throw new PpError(
    'MALFORMED',
    `the note of ${commit} in ${ref} is larger than ${MAX_NOTE_BYTES} bytes, so it is not read`,
  )
}

function blobsOf(entries: readonly NoteEntry[]): readonly Oid[] {
  return entries.map(({ blob }) => blob)
}

/** The content of a note, joined from its entries. */
async function joined(gitContext: GitContext, blobs: readonly Oid[]): Promise<Buffer> {
  const parts = await Promise.all(blobs.map((blob) => gitContext.cat.read(blob, 'blob')))
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
      yield* await Promise.all(
        part.map(async ({ object, some }) => [object, await joined(gitContext, blobsOf(some))] as const),
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

async function sizeOf(gitContext: GitContext, entries: readonly NoteEntry[]): Promise<number> {
  const headers = await Promise.all(entries.map(({ blob }) => gitContext.cat.info(blob)))
  return headers.reduce((sum, header) => sum + (header?.size ?? 0), 0)
}

function endsOpen(note: Uint8Array): boolean {
  return note.length > 0 && note.at(-1) !== 10
}

/** The note after one write; null if it stays as it is. */
function written(old: Buffer | null, write: NoteWrite): Buffer | null {
  if ('line' in write) return withNoteLine(old ?? Buffer.alloc(0), write.line)
  const text = Buffer.from(write.text)
  return old?.equals(text) ? null : text
}

async function publish(
  gitContext: GitContext,
  ident: () => Promise<GitIdentity>,
  writes: readonly NoteWrite[],
  updates: readonly RefUpdate[],
): Promise<void> {
  const who = await ident()
  const refs = [...new Set(writes.map(({ ref }) => ref))]
  let refusal: string | null = null
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(randomInt(5, 20 + Math.min(attempt, 30) * 5))
    const moves = await Promise.all(
      refs.map((ref) =>
        moveOf(
          gitContext,
          who,
          ref,
          writes.filter((write) => write.ref === ref),
        ),
      ),
    )
    const all = [...moves.flatMap((move) => move ?? []), ...updates]
    refusal = await gitContext.refs.attempt(all)
    if (refusal === null) return
    await explainBlock(gitContext, all)
    // If the notes have moved, or somebody holds their lock, the next try may succeed.
    if (!(await holds(gitContext, updates))) throw new PpError('GIT_FAILED', `git did not write the refs: ${refusal}`)
  }
  throw new PpError(
    'GIT_FAILED',
    `the notes in ${refs.join(', ')} could not be written, because other programs kept writing to them (${refusal}); try again`,
  )
}

/** How a ref of notes has to move for these writes, which its present notes may have already: then null. */
async function moveOf(
  gitContext: GitContext,
  who: GitIdentity,
  ref: string,
  writes: readonly NoteWrite[],
): Promise<RefUpdate | null> {
  const tip = (await gitContext.names.find(ref))?.oid ?? null
  const edits = new Map<Oid, Buffer>()
  for (const write of writes) {
    const old = edits.get(write.commit) ?? (tip === null ? null : await readNote(gitContext, tip, write.commit))
    const bytes = written(old, write)
    if (bytes !== null) edits.set(write.commit, bytes)
  }
  if (edits.size === 0) return null
  return { ref, to: await commitNotes(gitContext, who, baseOf(gitContext, tip, 'kept'), edits), from: tip }
}

function baseOf(gitContext: GitContext, tip: Oid | null, past: NotesBase['past']): NotesBase {
  return { tip, past, join: (blobs) => joined(gitContext, blobs) }
}

/** Whether every ref still has the value that its update asks for. */
async function holds({ names }: GitContext, updates: readonly RefUpdate[]): Promise<boolean> {
  for (const { ref, from } of updates)
    if (from !== undefined && ((await names.find(ref))?.oid ?? null) !== from) return false
  return true
}
