import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { FetchResult } from '../../model/options.ts'
import type { Repro } from '../../model/proof.ts'
import type { Remote } from '../../ports/remote.ts'
import type { Objects, RefUpdate } from '../../ports/repository.ts'
import { NOTES, readSessionRef, refsOf, remoteNotesRef, remoteRef, TRANSFERRED_NOTES } from '../refs/index.ts'
import { indexLines, isStartOf, mergeFetchedNotes, type ProofStore, proofsOn } from '../store/index.ts'

export interface FetchTools {
  readonly proofStore: ProofStore
  readonly objects: Pick<Objects, 'list' | 'lacking'>
  readonly remote: Remote
}

/** The refs of sessions that are fetched. Attempts are not among them, because no replay reads them. */
const SESSIONS = ['refs/pp/*/final', 'refs/pp/*/base', 'refs/pp/*/record']

/**
 * Brings the proofs of a remote into this repository, apart from our own: all of them, or those of the named commits or
 * sessions with every object that a replay of them reads. Refs with names that git pp never writes are not fetched. Throws
 * NO_PROOF, OBJECT_MISSING, GIT_FAILED.
 */
export async function fetchFlow(tools: FetchTools, wanted: readonly string[]): Promise<FetchResult> {
  const { proofStore, remote } = tools
  const known = await sessionsOf(proofStore, remoteNotesRef(remote.name, 'index'))
  const { tips, warnings } = await fetchNotes(tools)
  await fileNothing(tools)
  const there = await sessionsOf(proofStore, tips.get('index') ?? null)
  const chosen = wanted.length === 0 ? null : await choose(tools, wanted, there)
  const patterns = chosen === null ? SESSIONS : [...chosen.keys()].map((session) => `refs/pp/${session}/*`)
  const ofSessions = await remote.fetch(patterns, (fetched) => keepSessions(tools, fetched))
  for (const [session, commit] of chosen ?? []) await complete(tools, session, commit)
  const proofs = [...(chosen ?? there)].map(([session, commit]) => ({ session, commit, isNew: !known.has(session) }))
  return { remote: remote.name, proofs, warnings: [...warnings, ...ofSessions] }
}

/** Writes an empty index for a remote without proofs, so that nobody is told to fetch from it again. */
async function fileNothing({ proofStore, remote }: FetchTools): Promise<void> {
  const ref = remoteNotesRef(remote.name, 'index')
  if ((await proofStore.refs.list(ref)).size > 0) return
  await proofStore.refs.update([{ ref, to: await proofStore.notes.commit(null, new Map(), 'dropped') }])
}

/** Session → the commit that carries its proof, as listed by an index (a ref, or a commit of notes). */
async function sessionsOf(proofStore: ProofStore, index: string | null): Promise<Map<string, Oid>> {
  const sessions = new Map<string, Oid>()
  if (index === null) return sessions
  for await (const [commit, note] of proofStore.notes.each(index))
    for (const { session } of indexLines(note)) sessions.set(session, commit)
  return sessions
}

/** The current notes of the remote: kind → tip, null if it has none. */
export interface RemoteNotes {
  readonly tips: ReadonlyMap<(typeof TRANSFERRED_NOTES)[number], Oid | null>
  readonly warnings: string[]
}

/** Stores the remote's notes under its name, together with what was fetched from it before. */
export async function fetchNotes({
  proofStore,
  remote,
}: Pick<FetchTools, 'proofStore' | 'remote'>): Promise<RemoteNotes> {
  return remote.fetch(['refs/notes/pp/*'], async (fetched) => {
    const before = await proofStore.refs.list(`refs/notes-remote/${remote.name}/pp/`)
    const tips = new Map(TRANSFERRED_NOTES.map((kind) => [kind, fetched.get(NOTES[kind]) ?? null]))
    const updates: RefUpdate[] = []
    for (const [kind, to] of tips) {
      const ref = remoteNotesRef(remote.name, kind)
      if (to !== null) await assertNotes(proofStore, to, `${NOTES[kind]} of ${remote.name}`)
      const filed = await mergeFetchedNotes(proofStore, kind, before.get(ref) ?? null, to)
      if (filed !== null) updates.push({ ref, to: filed })
    }
    await proofStore.refs.update(updates)
    const ours: readonly string[] = Object.values(NOTES)
    return {
      tips,
      warnings: strangers(
        remote,
        [...fetched.keys()].filter((ref) => !ours.includes(ref)),
      ),
    }
  })
}

/** Makes sure that only trees of notes are stored. Throws MALFORMED. */
async function assertNotes({ notes }: ProofStore, tip: Oid, what: string): Promise<void> {
  await notes.list(tip).catch((cause: unknown) => {
    if (!(cause instanceof PpError) || cause.code !== 'MALFORMED') throw cause
    throw new PpError('MALFORMED', `${what} were not fetched: ${cause.message}`, { cause })
  })
}

async function keepSessions({ proofStore, remote }: FetchTools, fetched: ReadonlyMap<string, Oid>): Promise<string[]> {
  const [good, bad] = [new Map<string, Oid>(), [] as string[]]
  for (const [ref, oid] of fetched) {
    if (readSessionRef(ref) === null) bad.push(ref)
    else good.set(remoteRef(remote.name, ref), oid)
  }
  await proofStore.refs.update([...good].map(([ref, to]) => ({ ref, to })))
  return strangers(remote, bad)
}

function strangers({ name }: Remote, refs: readonly string[]): string[] {
  const [first] = refs
  if (first === undefined) return []
  const others = refs.length === 1 ? '' : ` and ${refs.length - 1} more`
  return [`${name} has ${first}${others}, which git pp never writes, so this was not fetched`]
}

/** Finds the sessions that the remote's index lists for these words; a word is a commit or the start of a session id. */
async function choose({ proofStore, remote }: FetchTools, wanted: readonly string[], there: ReadonlyMap<string, Oid>) {
  const chosen = new Map<string, Oid>()
  for (const word of wanted) {
    const oid = (await proofStore.history.resolve(word)) ?? word
    const found = [...there].filter(([session, commit]) => commit === oid || isStartOf(word, session))
    if (found.length === 0) throw new PpError('NO_PROOF', `${remote.name} has no proof for ${word}`)
    for (const one of found) chosen.set(...one)
  }
  return chosen
}

/** Makes sure that the trees that a replay reads are here; commits that no ref brought are fetched by their id. */
async function complete(tools: FetchTools, session: string, commit: Oid): Promise<void> {
  const { proofStore, remote } = tools
  const repro = (await proofsOn(proofStore, commit)).find((proof) => proof.repro.session === session)?.repro
  if (!repro) throw new PpError('MALFORMED', `the proof of session ${session} in ${remote.name} cannot be read`)
  const names = refsOf(session)
  const lacking = [
    ...(repro.finalTree !== null && !(await isHere(tools, repro.finalTree)) ? [{ ref: names.final, to: commit }] : []),
    ...((await isHere(tools, repro.base.tree)) ? [] : [{ ref: names.base, to: repro.base.commit }]),
  ]
  if (lacking.length > 0) {
    await remote
      .fetch([...new Set(lacking.map(({ to }) => to))], async () => {
        await proofStore.refs.update(lacking.map(({ ref, to }) => ({ ref: remoteRef(remote.name, ref), to })))
      })
      .catch((cause: unknown) => {
        throw incomplete(remote, session, lacking, cause)
      })
  }
  if (!(await isHere(tools, repro.base.tree))) throw incomplete(remote, session, [{ to: repro.base.commit }], null)
  await fill(tools, session, [repro.base.tree, ...(repro.finalTree === null ? [] : [repro.finalTree])])
}

/** How many objects are asked for in one command line. */
const AT_ONCE = 1_000

/**
 * Fetches the files of these trees if the repository is a partial clone that lacks them. They need no ref, because commits
 * that are here contain them.
 */
async function fill({ objects, remote }: FetchTools, session: string, trees: readonly Oid[]): Promise<void> {
  const blobs = [...new Set((await Promise.all(trees.map((tree) => objects.lacking(tree)))).flat())]
  for (let at = 0; at < blobs.length; at += AT_ONCE) {
    const some = blobs.slice(at, at + AT_ONCE)
    await remote
      .fetch(some, async () => {})
      .catch((cause: unknown) => {
        const [first = ''] = some
        throw incomplete(remote, session, [{ to: first }], cause)
      })
  }
}

async function isHere({ objects }: FetchTools, tree: Repro['base']['tree']): Promise<boolean> {
  return objects.list(tree).then(
    () => true,
    (error: unknown) => {
      if (error instanceof PpError && error.code === 'OBJECT_MISSING') return false
      throw error
    },
  )
}

function incomplete({ name }: Remote, session: string, lacking: readonly { to: Oid }[], cause: unknown): PpError {
  const ids = lacking.map(({ to }) => to.slice(0, 12)).join(', ')
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  const message = `the proof of session ${session} was fetched, but ${name} does not send ${ids}, which a replay needs${why}`
  return new PpError('OBJECT_MISSING', message, {
    cause,
    mend: 'run git fetch for the branch that the proof was made on',
  })
}
