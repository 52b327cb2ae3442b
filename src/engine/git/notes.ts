import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Notes, NoteWrite, RefUpdate } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import type { GitIdentity } from './identity.ts'
import { endsOpen, joined, noteReader, readNote } from './note-reader.ts'
import { explainBlock } from './refs.ts'
import { commitNotes, type NotesBase } from './repository-notes-tree.ts'

/** The namespace of refs that hold what was fetched for a moment; what a dead process left there may be deleted. */
export const NOTES_TEMP = 'refs/notes/pp-tmp'

const ATTEMPTS = 400

/**
 * `git notes add` updates its ref without checking the old value, so two writers would lose each other's notes, and it strips
 * white space. Here the new tree of notes is made from the tip, and the ref moves by compare-and-swap.
 */
export function notes(gitContext: GitContext, ident: () => Promise<GitIdentity>): Notes {
  return {
    ...noteReader(gitContext),
    append: (ref, commit, line) => publish(gitContext, ident, [{ ref, commit, line }], []),
    publish: (writes, updates) => publish(gitContext, ident, writes, updates),
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
