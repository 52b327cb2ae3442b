import { decodeLine, parseJson } from '../core/bundle.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { LogEntry } from '../model/options.ts'
import { type Bundle, Repro } from '../model/proof.ts'
import type { History, Notes, Refs } from '../ports/repository.ts'
import { notesRef, PP_HEAD } from './refs.ts'

export interface Shelf {
  readonly history: History
  readonly notes: Notes
  readonly refs: Refs
}

export interface Found {
  /** The commit that carries the notes; null for a bundle directory. */
  readonly commit: Oid | null
  readonly bundle: Bundle
  readonly repro: Repro
}

const NOTE_LIMIT = 16 << 20
const LINES_LIMIT = 1_000

/** A proof by commit, unique session prefix, or nothing: the newest session of this work tree, else HEAD. Throws NO_PROOF. */
export async function findProof(shelf: Shelf, proof: string | null): Promise<Found> {
  if (proof === null) {
    const newest = (await shelf.history.resolve(PP_HEAD)) ?? (await shelf.history.resolve('HEAD'))
    if (!newest) throw new PpError('NO_PROOF', 'there is no proof yet: git pp run "COMMAND" makes one')
    return onCommit(shelf, newest, null)
  }
  if (/^[0-7][0-9a-hjkmnp-tv-z]{3,25}$/i.test(proof)) {
    const bySession = await ofSession(shelf, proof.toLowerCase())
    if (bySession) return bySession
  }
  const commit = await shelf.history.resolve(proof)
  if (!commit)
    throw new PpError(
      'NO_PROOF',
      `no commit and no session here is called ${JSON.stringify(proof)}: git pp log lists the proofs`,
    )
  return onCommit(shelf, commit, null)
}

async function ofSession(shelf: Shelf, prefix: string): Promise<Found | null> {
  const carriers = new Map<string, Oid>()
  for (const [ref, oid] of await shelf.refs.list('refs/pp/')) {
    const [, , session, kind] = ref.split('/')
    if (session?.startsWith(prefix) && (kind === 'final' || kind === 'record')) carriers.set(session, oid)
  }
  if (carriers.size === 0) {
    for (const found of await everyProof(shelf))
      if (found.commit && found.repro.session.startsWith(prefix)) carriers.set(found.repro.session, found.commit)
  }
  if (carriers.size > 1) throw new PpError('USAGE', `${carriers.size} sessions begin with ${prefix}: say more of it`)
  const [only] = carriers
  return only ? onCommit(shelf, only[1], only[0]) : null
}

/** The newest readable proof on a commit, or the one of a session. */
async function onCommit(shelf: Shelf, commit: Oid, session: string | null): Promise<Found> {
  const all = await proofsOn(shelf, commit)
  const wanted = session === null ? all : all.filter(({ repro }) => repro.session === session)
  const newest = wanted.sort((a, b) => (a.repro.session < b.repro.session ? 1 : -1))[0]
  if (newest) return newest
  const any = (await shelf.notes.list(notesRef('bundles', false))).length > 0
  const where = any
    ? 'other commits here have proofs (git pp log)'
    : 'no proof notes are here at all: fetch refs/notes/pp/* and refs/pp/* from where it was made'
  throw new PpError('NO_PROOF', `no proof for ${commit.slice(0, 12)}; ${where}`)
}

async function proofsOn(shelf: Shelf, commit: Oid): Promise<Found[]> {
  const found: Found[] = []
  let fault: unknown = null
  for (const local of [false, true]) {
    const note = await shelf.notes.read(notesRef('bundles', local), commit)
    if (!note) continue
    if (note.length > NOTE_LIMIT)
      throw new PpError('MALFORMED', `the note of ${commit.slice(0, 12)} is larger than 16 MiB`)
    for (const line of new TextDecoder().decode(note).split('\n').filter(Boolean).slice(0, LINES_LIMIT)) {
      try {
        const bundle = decodeLine(line)
        found.push({ commit, bundle, repro: reproOf(bundle) })
      } catch (error) {
        fault ??= error
      }
    }
  }
  if (found.length === 0 && fault) throw fault
  return found
}

/** `repro.json` of a bundle. Throws MALFORMED. */
export function reproOf(bundle: Bundle): Repro {
  const bytes = bundle.files.get('repro.json')
  const parsed = Repro.safeParse(bytes ? parseJson(new TextDecoder().decode(bytes)) : null)
  if (!parsed.success) throw new PpError('MALFORMED', 'repro.json of this bundle is not one')
  return parsed.data
}

async function everyProof(shelf: Shelf): Promise<Found[]> {
  const commits = new Set<Oid>()
  for (const local of [false, true])
    for (const oid of await shelf.notes.list(notesRef('bundles', local))) commits.add(oid)
  const found: Found[] = []
  for (const commit of commits) {
    try {
      found.push(...(await proofsOn(shelf, commit)))
    } catch (error) {
      if (!(error instanceof PpError)) throw error
    }
  }
  return found
}

/** All proofs, newest first. Unreadable ones are left out. */
export async function logFlow(shelf: Shelf, limit: number | null): Promise<LogEntry[]> {
  const all = (await everyProof(shelf)).sort((a, b) => (a.repro.session < b.repro.session ? 1 : -1))
  return Promise.all(
    all.slice(0, limit ?? all.length).map(async ({ commit, repro }) => ({
      session: repro.session,
      commit,
      verdict: repro.verdict,
      subject: await subjectOf(shelf, commit),
      at: repro.finishedAt,
      kind: repro.kind,
      counts: repro.counts,
    })),
  )
}

async function subjectOf(shelf: Shelf, commit: Oid | null): Promise<string> {
  const there = commit && (await shelf.history.resolve(commit))
  return there ? (await shelf.history.commit(there)).subject : '(commit is not here)'
}
