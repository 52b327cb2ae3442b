import { decodeBundleLine } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { parseJson } from '../../core/bytes/index.ts'
import { MAX_NOTE_BYTES } from '../../core/notes-tree/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { type Bundle, IndexLine, Repro } from '../../model/proof.ts'
import type { CommitHistory, Notes, Refs } from '../../ports/repository.ts'
import { fetchedFrom, NOTES, notesRefs, PP_HEAD, readSessionRef } from '../refs/index.ts'

export interface ProofStore {
  readonly history: CommitHistory
  readonly notes: Notes
  readonly refs: Refs
}

/** The ports that reading notes needs. */
export interface ProofReader {
  readonly history: Pick<CommitHistory, 'resolve'>
  readonly notes: Pick<Notes, 'read' | 'list' | 'each'>
  readonly refs: Pick<Refs, 'list'>
}

export interface FoundProof {
  /** The commit that carries the notes; null for a bundle directory. */
  readonly commit: Oid | null
  readonly bundle: Bundle
  readonly repro: Repro
  /** The remote whose notes it was read from; null: ours, or a bundle directory. */
  readonly from: string | null
}

const SESSION_START = /^[0-7][0-9a-hjkmnp-tv-z]{3,25}$/i
const LINES_LIMIT = 1_000

/**
 * Finds a proof by commit or by a unique prefix of its session; without a word, the newest session of this work tree, else
 * HEAD. Throws NO_PROOF.
 */
export async function findProof(proofStore: ProofReader, proof: string | null): Promise<FoundProof> {
  if (proof === null) {
    const newest = (await proofStore.history.resolve(PP_HEAD)) ?? (await proofStore.history.resolve('HEAD'))
    if (!newest) throw new PpError('NO_PROOF', 'there is no proof yet: git pp run "COMMAND" makes one')
    return onCommit(proofStore, newest, null)
  }
  if (startsSession(proof)) {
    const bySession = await ofSession(proofStore, proof.toLowerCase())
    if (bySession) return bySession
  }
  const commit = await proofStore.history.resolve(proof)
  if (!commit)
    throw new PpError(
      'NO_PROOF',
      `there is no commit and no session called ${JSON.stringify(proof)} in this repository; git pp log lists the proofs`,
    )
  return onCommit(proofStore, commit, null)
}

/** Whether a word may be the start of the id of a session. */
export function startsSession(word: string): boolean {
  return SESSION_START.test(word)
}

/** Whether a word could name a proof that is not here: the id of a commit or of a session. */
export function mayNameProof(word: string): boolean {
  return startsSession(word) || /^[0-9a-f]{4,64}$/i.test(word)
}

/** Whether a word is long enough to name this session. */
export function isStartOf(word: string, session: string): boolean {
  return startsSession(word) && session.startsWith(word.toLowerCase())
}

async function ofSession(proofStore: ProofReader, prefix: string): Promise<FoundProof | null> {
  const only = await carrierOf(proofStore, prefix)
  return only ? onCommit(proofStore, only.commit, only.session) : null
}

/**
 * The commit that carries the notes of the one session whose id begins with `prefix`; null if there is none. If the prefix
 * also resolves to a commit, a session that is known only from notes is not considered, because people type the start of a
 * commit id more often. Throws USAGE if several sessions match.
 */
export async function carrierOf(
  proofStore: ProofReader,
  prefix: string,
): Promise<{ session: string; commit: Oid } | null> {
  const carriers = await carriersOf(proofStore, 'refs/pp/', prefix)
  if (carriers.size === 0)
    for (const one of await carriersOf(proofStore, 'refs/pp-remote/', prefix)) carriers.set(...one)
  if (carriers.size === 0 && (await proofStore.history.resolve(prefix)) === null)
    for (const [session, commit] of await carriersBySession(proofStore))
      if (session.startsWith(prefix)) carriers.set(session, commit)
  if (carriers.size > 1)
    throw new PpError('USAGE', `${carriers.size} sessions begin with ${prefix}; type more characters of the id`)
  const [only] = carriers
  return only ? { session: only[0], commit: only[1] } : null
}

async function carriersOf(proofStore: ProofReader, where: string, prefix: string): Promise<Map<string, Oid>> {
  const carriers = new Map<string, Oid>()
  for (const [ref, oid] of await proofStore.refs.list(where)) {
    const { session, kind } = readSessionRef(ref) ?? {}
    if (session?.startsWith(prefix) && (kind === 'final' || kind === 'record')) carriers.set(session, oid)
  }
  return carriers
}

/** The newest readable proof on a commit, or that of one session; a fetched proof counts only if there is none of our own. */
async function onCommit(proofStore: ProofReader, commit: Oid, session: string | null): Promise<FoundProof> {
  const found = newestProof(
    (await proofsOn(proofStore, commit)).filter(({ repro }) => [null, repro.session].includes(session)),
  )
  if (found) return found
  const any = (await everyNote(proofStore, 'bundles').next()).done === false
  const where = any ? 'git pp log lists the commits that have one' : noneAtAll(await fetchedFrom(proofStore.refs))
  throw new PpError('NO_PROOF', `there is no proof for the commit ${commit.slice(0, 12)}; ${where}`)
}

/** The message if there are no proofs. `fetched`: the remotes that were fetched from already. */
function noneAtAll(fetched: readonly string[]): string {
  return fetched.length === 0
    ? 'this repository has no proofs at all; git pp run or git pp prove makes one, and git pp fetch gets the proofs of a remote'
    : `this repository has no proofs, and ${fetched.join(', ')} had none when you last fetched; git pp run or git pp prove makes one`
}

/**
 * The proof that is meant by a commit with several proofs: the newest of ours, else the newest of remotes; null if there is
 * none.
 */
export function newestProof(proofs: readonly FoundProof[]): FoundProof | null {
  const sorted = [...proofs].sort((a, b) => (a.repro.session < b.repro.session ? 1 : -1))
  return sorted.find(({ from }) => from === null) ?? sorted[0] ?? null
}

/** Every readable proof on a commit, each once; ours before those of remotes. If none is readable, throws what was wrong. */
export async function proofsOn(proofStore: ProofReader, commit: Oid): Promise<FoundProof[]> {
  const found = new Map<string, FoundProof>()
  let fault: unknown = null
  const attempt = async <T>(read: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof PpError)) throw error
      fault ??= error
      return null
    }
  }
  for (const { ref, from } of await notesRefs(proofStore.refs, 'bundles')) {
    const lines = await attempt(async () => noteLinesOf(await proofStore.notes.read(ref, commit)))
    for (const line of lines ?? []) {
      const proof = await attempt(() => proofOf(line))
      if (proof && !found.has(proof.bundle.digest)) found.set(proof.bundle.digest, { commit, ...proof, from })
    }
  }
  if (found.size === 0 && fault) throw fault
  return [...found.values()]
}

/** Reads a line of `bundles` as a proof. Throws MALFORMED, NEWER_FORMAT. */
export function proofOf(line: string): Pick<FoundProof, 'bundle' | 'repro'> {
  const bundle = decodeBundleLine(line)
  return { bundle, repro: reproOf(bundle) }
}

/** The lines of a note that are considered. */
export function noteLinesOf(note: Uint8Array | null): string[] {
  if (note === null) return []
  if (note.length > MAX_NOTE_BYTES)
    throw new PpError('MALFORMED', 'a note of proofs is larger than 16 MiB, so it is not read')
  return new TextDecoder().decode(note).split('\n').filter(Boolean).slice(0, LINES_LIMIT)
}

/** `repro.json` of a bundle. Throws MALFORMED. */
export function reproOf(bundle: Bundle): Repro {
  const bytes = bundle.files.get(FILES.repro)
  const parsed = Repro.safeParse(bytes ? parseJson(new TextDecoder().decode(bytes)) : null)
  if (!parsed.success) throw new PpError('MALFORMED', 'repro.json of this bundle is not valid')
  return parsed.data
}

/** Session → the commit that carries its notes, as the index lists it. */
export async function carriersBySession(proofStore: ProofReader): Promise<ReadonlyMap<string, Oid>> {
  const carriers = new Map<string, Oid>()
  for await (const { commit, note } of everyNote(proofStore, 'index'))
    for (const { session } of indexLines(note)) if (!carriers.has(session)) carriers.set(session, commit)
  return carriers
}

/** A note of a ref of its kind, and the remote that the ref belongs to; null: ours. */
export interface FoundNote {
  readonly commit: Oid
  readonly note: Uint8Array
  readonly from: string | null
}

/**
 * All notes of a kind, or those on some commits, ours first. A ref of a remote that does not hold notes is skipped; throws
 * MALFORMED if one of ours does not.
 */
export async function* everyNote(
  { notes, refs }: Pick<ProofReader, 'notes' | 'refs'>,
  kind: 'bundles' | 'index',
  only?: ReadonlySet<Oid>,
): AsyncGenerator<FoundNote> {
  for (const { ref, from } of await notesRefs(refs, kind)) {
    const choice = { ...(only ? { only } : {}), ...(from === null ? {} : { changedSince: NOTES[kind] }) }
    try {
      for await (const [commit, note] of notes.each(ref, choice)) yield { commit, note, from }
    } catch (error) {
      if (from === null || !(error instanceof PpError) || error.code !== 'MALFORMED') throw error
    }
  }
}

/** The entries of a note of `index`; entries that are not valid are left out. */
export function indexLines(note: Uint8Array | null): IndexLine[] {
  return noteLinesOf(note).flatMap((line) => IndexLine.safeParse(parseJson(line)).data ?? [])
}
