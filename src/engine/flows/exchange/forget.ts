import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { ForgetResult } from '../../model/options.ts'
import type { Remote, RemoteUpdate } from '../../ports/remote.ts'
import { NOTES, type NoteKind, notesRefs, PP_HEAD, readSessionRef } from '../refs/index.ts'
import {
  bundleDigestOf,
  type FoundProof,
  findProof,
  isStartOf,
  type ProofStore,
  proofsOn,
  removeLines,
} from '../store/index.ts'
import { fetchNotes } from './fetch.ts'

export interface ForgetTools {
  readonly proofStore: ProofStore
  readonly remote: Remote | null
  /** Asks the user for consent; throws without it. */
  readonly confirm: (question: string) => Promise<void>
  readonly pause: (n: number) => Promise<void>
}

const KINDS = Object.keys(NOTES) as NoteKind[]
const TRIES = 8

/** What identifies one proof in notes. */
interface ProofToForget {
  readonly session: string
  readonly commit: Oid
  readonly digest: string
}

/**
 * Withdraws one proof: its refs, its lines, and the whole history of the notes that held them. The remote comes first, so
 * that the proof is still here if that fails. The commits themselves are left to git gc. Throws NO_PROOF, USAGE.
 */
export async function forgetFlow(tools: ForgetTools, word: string): Promise<ForgetResult> {
  const { proofStore, remote } = tools
  if (remote) await fetchNotes({ proofStore, remote })
  const found = await onlyProof(proofStore, word)
  const { session, verdict } = found.repro
  const toForget = { session, commit: found.commit ?? '', digest: found.bundle.digest }
  const where = remote ? `in this repository and on ${remote.name}` : 'here'
  await tools.confirm(`Remove session ${session} (${verdict}) of ${toForget.commit.slice(0, 12)} ${where}, for ever?`)
  const there = remote ? await tried(tools, () => forgetThere(proofStore, remote, toForget)) : []
  const here = await tried(tools, () => forgetHere(proofStore, toForget))
  const all = [...there, ...here]
  const names = (gone: boolean) => all.filter(({ to }) => (to === null) === gone).map(({ ref }) => ref)
  return {
    session,
    commit: toForget.commit,
    removed: names(true),
    rewritten: names(false),
    remote: remote?.name ?? null,
  }
}

async function onlyProof(proofStore: ProofStore, word: string): Promise<FoundProof> {
  const found = await findProof(proofStore, word)
  if (isStartOf(word, found.repro.session)) return found
  const all = await proofsOn(proofStore, found.commit ?? '')
  if (all.length === 1) return found
  const sessions = all.map(({ repro }) => repro.session).join(', ')
  throw new PpError('USAGE', `${word} has ${all.length} proofs; name one of them by its session: ${sessions}`)
}

type RetryResult<T> = { readonly done: T } | { readonly again: PpError }

/** Tries again when another writer was faster. */
async function tried<T>({ pause }: ForgetTools, work: () => Promise<RetryResult<T>>): Promise<T> {
  for (let n = 1; ; n++) {
    const outcome = await work()
    if ('done' in outcome) return outcome.done
    if (n >= TRIES) throw outcome.again
    await pause(n)
  }
}

async function forgetHere(proofStore: ProofStore, toForget: ProofToForget): Promise<RetryResult<RemoteUpdate[]>> {
  const updates: (RemoteUpdate & { from: Oid })[] = []
  for (const where of ['refs/pp/', 'refs/pp-remote/'])
    for (const [ref, from] of await proofStore.refs.list(where))
      if (readSessionRef(ref)?.session === toForget.session) updates.push({ ref, to: null, from })
  for (const kind of KINDS) {
    for (const { ref } of await notesRefs(proofStore.refs, kind)) {
      const from = (await proofStore.refs.list(ref)).get(ref)
      const to = from && (await cleansed(proofStore, kind, from, toForget))
      if (from && to !== undefined) updates.push({ ref, to, from })
    }
  }
  if ((await proofStore.history.resolve(PP_HEAD)) === toForget.commit)
    updates.push({ ref: PP_HEAD, to: null, from: toForget.commit })
  return proofStore.refs.update(updates).then(
    () => ({ done: updates }),
    (error: unknown) => {
      if (error instanceof PpError && error.code === 'GIT_FAILED') return { again: error }
      throw error
    },
  )
}

async function forgetThere(
  proofStore: ProofStore,
  remote: Remote,
  toForget: ProofToForget,
): Promise<RetryResult<RemoteUpdate[]>> {
  const patterns = ['refs/notes/pp/*', `refs/pp/${toForget.session}/*`]
  return remote.fetch(patterns, async (fetched) => {
    const updates: RemoteUpdate[] = []
    for (const [ref, lease] of fetched) {
      const kind = KINDS.find((one) => NOTES[one] === ref)
      const to = kind && (await cleansed(proofStore, kind, lease, toForget))
      if (ref.startsWith(`refs/pp/${toForget.session}/`)) updates.push({ ref, to: null, lease })
      else if (to !== undefined) updates.push({ ref, to, lease })
    }
    const [refusal] = updates.length === 0 ? [] : await remote.push(updates)
    if (refusal) return { again: new PpError('GIT_FAILED', `${remote.name} keeps ${refusal.ref}: ${refusal.why}`) }
    return { done: updates.map(({ ref, to }) => ({ ref: `${remote.name} ${ref}`, to })) }
  })
}

/** A commit of notes without the proof and without any history; null if nothing is left, undefined if the proof was not there. */
async function cleansed(
  proofStore: ProofStore,
  kind: NoteKind,
  tip: Oid,
  toForget: ProofToForget,
): Promise<Oid | null | undefined> {
  const note = await proofStore.notes.read(tip, toForget.commit)
  const kept = note && withoutProof(kind, note, toForget)
  if (!kept) return undefined
  const empty = kept.length === 0
  if (empty && (await proofStore.notes.list(tip)).length === 1) return null
  return proofStore.notes.commit(tip, new Map([[toForget.commit, empty ? null : kept]]), 'dropped')
}

function withoutProof(kind: NoteKind, note: Uint8Array, { session, digest }: ProofToForget): Uint8Array | null {
  if (kind !== 'summary') return removeLines(note, (line) => bundleDigestOf(kind, line) === digest)
  return new TextDecoder().decode(note).includes(session) ? new Uint8Array() : null
}
