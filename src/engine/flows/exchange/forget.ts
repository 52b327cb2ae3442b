import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Forgotten } from '../../model/options.ts'
import type { Remote, RemoteUpdate } from '../../ports/remote.ts'
import { NOTES, type NoteKind, notesRefs, PP_HEAD, readSessionRef } from '../refs/index.ts'
import { type Found, findProof, isStartOf, proofsOn, type Shelf, subjectOf, without } from '../store/index.ts'
import { bringNotes } from './fetch.ts'

export interface ForgetTools {
  readonly shelf: Shelf
  readonly remote: Remote | null
  /** Asks whoever can be asked; throws where nobody agrees. */
  readonly confirm: (question: string) => Promise<void>
  readonly pause: (n: number) => Promise<void>
}

const KINDS = Object.keys(NOTES) as NoteKind[]
const TRIES = 8

/** A proof as it has to be told apart in notes. */
interface Doomed {
  readonly session: string
  readonly commit: Oid
  readonly digest: string
}

/**
 * Withdraws one proof: its refs, its lines, and the whole past of the notes that held them, on the remote first, so that a
 * failure there leaves it here. Commits themselves are left to git gc. Throws NO_PROOF, USAGE.
 */
export async function forgetFlow(tools: ForgetTools, word: string): Promise<Forgotten> {
  const { shelf, remote } = tools
  if (remote) await bringNotes({ shelf, remote })
  const found = await onlyProof(shelf, word)
  const { session, verdict } = found.repro
  const doomed = { session, commit: found.commit ?? '', digest: found.bundle.digest }
  const where = remote ? `in this repository and on ${remote.name}` : 'here'
  await tools.confirm(`Remove session ${session} (${verdict}) of ${doomed.commit.slice(0, 12)} ${where}, for ever?`)
  const there = remote ? await tried(tools, () => forgetThere(shelf, remote, doomed)) : []
  const here = await tried(tools, () => forgetHere(shelf, doomed))
  const all = [...there, ...here]
  const names = (gone: boolean) => all.filter(({ to }) => (to === null) === gone).map(({ ref }) => ref)
  return { session, commit: doomed.commit, removed: names(true), rewritten: names(false), remote: remote?.name ?? null }
}

async function onlyProof(shelf: Shelf, word: string): Promise<Found> {
  const found = await findProof(shelf, word)
  if (isStartOf(word, found.repro.session)) return found
  const all = await proofsOn(shelf, found.commit ?? '')
  if (all.length === 1) return found
  const sessions = all.map(({ repro }) => repro.session).join(', ')
  throw new PpError('USAGE', `${word} has ${all.length} proofs; name one of them by its session: ${sessions}`)
}

type Try<T> = { readonly done: T } | { readonly again: PpError }

/** Tries again where another writer was faster. */
async function tried<T>({ pause }: ForgetTools, work: () => Promise<Try<T>>): Promise<T> {
  for (let n = 1; ; n++) {
    const outcome = await work()
    if ('done' in outcome) return outcome.done
    if (n >= TRIES) throw outcome.again
    await pause(n)
  }
}

async function forgetHere(shelf: Shelf, doomed: Doomed): Promise<Try<RemoteUpdate[]>> {
  const updates: (RemoteUpdate & { from: Oid })[] = []
  for (const where of ['refs/pp/', 'refs/pp-remote/'])
    for (const [ref, from] of await shelf.refs.list(where))
      if (readSessionRef(ref)?.session === doomed.session) updates.push({ ref, to: null, from })
  for (const kind of KINDS) {
    for (const { ref } of await notesRefs(shelf.refs, kind)) {
      const from = (await shelf.refs.list(ref)).get(ref)
      const to = from && (await cleansed(shelf, kind, from, doomed))
      if (from && to !== undefined) updates.push({ ref, to, from })
    }
  }
  if ((await shelf.history.resolve(PP_HEAD)) === doomed.commit)
    updates.push({ ref: PP_HEAD, to: null, from: doomed.commit })
  return shelf.refs.update(updates).then(
    () => ({ done: updates }),
    (error: unknown) => {
      if (error instanceof PpError && error.code === 'GIT_FAILED') return { again: error }
      throw error
    },
  )
}

async function forgetThere(shelf: Shelf, remote: Remote, doomed: Doomed): Promise<Try<RemoteUpdate[]>> {
  const patterns = ['refs/notes/pp/*', `refs/pp/${doomed.session}/*`]
  return remote.fetch(patterns, async (fetched) => {
    const updates: RemoteUpdate[] = []
    for (const [ref, lease] of fetched) {
      const kind = KINDS.find((one) => NOTES[one] === ref)
      const to = kind && (await cleansed(shelf, kind, lease, doomed))
      if (ref.startsWith(`refs/pp/${doomed.session}/`)) updates.push({ ref, to: null, lease })
      else if (to !== undefined) updates.push({ ref, to, lease })
    }
    const [refusal] = updates.length === 0 ? [] : await remote.push(updates)
    if (refusal) return { again: new PpError('GIT_FAILED', `${remote.name} keeps ${refusal.ref}: ${refusal.why}`) }
    return { done: updates.map(({ ref, to }) => ({ ref: `${remote.name} ${ref}`, to })) }
  })
}

/** A commit of notes without the proof and without any past; null when nothing is left, undefined when it was not there. */
async function cleansed(shelf: Shelf, kind: NoteKind, tip: Oid, doomed: Doomed): Promise<Oid | null | undefined> {
  const note = await shelf.notes.read(tip, doomed.commit)
  const kept = note && withoutProof(kind, note, doomed)
  if (!kept) return undefined
  const empty = kept.length === 0
  if (empty && (await shelf.notes.list(tip)).length === 1) return null
  return shelf.notes.commit(tip, new Map([[doomed.commit, empty ? null : kept]]), 'dropped')
}

function withoutProof(kind: NoteKind, note: Uint8Array, { session, digest }: Doomed): Uint8Array | null {
  if (kind !== 'summary') return without(note, (line) => subjectOf(kind, line) === digest)
  return new TextDecoder().decode(note).includes(session) ? new Uint8Array() : null
}
