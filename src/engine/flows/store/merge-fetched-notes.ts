import { MAX_NOTE_BYTES } from '../../core/notes-tree/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { TRANSFERRED_NOTES } from '../refs/index.ts'
import { noteLinesOf, type ProofStore } from './find-proof.ts'
import { bundleDigestOf } from './note-lines.ts'

type FetchedNoteKind = (typeof TRANSFERRED_NOTES)[number]

/**
 * What to store of a remote's notes: those of its tip, and every line about a proof that was seen there before. A remote may
 * be reset to an older state, and somebody may forget a proof; an attestation that was seen once is kept here.
 */
export async function mergeFetchedNotes(
  { notes }: ProofStore,
  kind: FetchedNoteKind,
  seen: Oid | null,
  tip: Oid | null,
): Promise<Oid | null> {
  if (seen === null || tip === null || seen === tip) return tip ?? seen
  const edits = new Map<Oid, Uint8Array>()
  for await (const [commit, note] of notes.each(seen, { changedSince: tip })) {
    const kept = await rescued(kind, note, () => notes.read(tip, commit))
    if (kept) edits.set(commit, kept)
  }
  if (edits.size === 0) return tip
  return (await holdsAll({ notes }, seen, tip)) ? seen : notes.commit(tip, edits, 'kept')
}

/** A note of the remote with the lines about proofs put before it that it has lost; null if it has lost none. */
async function rescued(
  kind: FetchedNoteKind,
  seen: Uint8Array,
  read: () => Promise<Uint8Array | null>,
): Promise<Uint8Array | null> {
  const now = await read().catch(unreadable)
  if (now === 'unreadable') return seen
  const there = new Set(new TextDecoder().decode(now ?? new Uint8Array()).split('\n'))
  const lost = noteLinesOf(seen).filter((line) => !there.has(line) && bundleDigestOf(kind, line) !== null)
  if (lost.length === 0) return null
  const note = Buffer.concat([Buffer.from(lost.map((line) => `${line}\n`).join('')), now ?? Buffer.alloc(0)])
  return note.length > MAX_NOTE_BYTES ? seen : note
}

function unreadable(error: unknown): 'unreadable' {
  if (error instanceof PpError && error.code === 'MALFORMED') return 'unreadable'
  throw error
}

/** Whether everything readable in `tip` was stored already, so that a second fetch changes nothing. */
async function holdsAll({ notes }: Pick<ProofStore, 'notes'>, seen: Oid, tip: Oid): Promise<boolean> {
  for await (const [commit, note] of notes.each(tip, { changedSince: seen })) {
    const known = new Set(noteLinesOf(await notes.read(seen, commit)))
    if (noteLinesOf(note).some((line) => !known.has(line))) return false
  }
  return true
}
