import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { LogEntry } from '../../model/proof-view.ts'
import type { CommitHistory } from '../../ports/repository.ts'
import { carriersBySession, everyNote, type FoundProof, noteLinesOf, type ProofReader, proofOf } from './find-proof.ts'

/** What the list of proofs is read from. */
export interface LogReader extends ProofReader {
  readonly history: Pick<CommitHistory, 'resolve' | 'commit'>
}

/** All proofs, newest first. Unreadable ones are left out. */
export async function logFlow(proofStore: LogReader, limit: number | null): Promise<LogEntry[]> {
  const all: LogEntry[] = limit === null ? [] : await newestProofs(proofStore, limit)
  if (limit === null) for await (const proof of readable(proofStore)) all.push(await entryOf(proofStore, proof))
  return all.sort((a, b) => (a.session < b.session ? 1 : -1)).slice(0, limit ?? all.length)
}

/** So many of the newest sessions are looked for at once, at least; a few may have no bundle that can be read. */
const SOME = 8

/** The newest proofs by the index, so that few more bundles are read than are shown. */
async function newestProofs(proofStore: LogReader, limit: number): Promise<LogEntry[]> {
  const newest = [...(await carriersBySession(proofStore))].sort(([a], [b]) => (a < b ? 1 : -1))
  const found: LogEntry[] = []
  for (let at = 0; at < newest.length && found.length < limit; ) {
    const some = new Map(newest.slice(at, at + Math.max(limit, SOME)))
    at += some.size
    for await (const proof of readable(proofStore, new Set(some.values())))
      if (some.has(proof.repro.session)) found.push(await entryOf(proofStore, proof))
  }
  return found
}

/** Readable proofs one by one, each once, ours before those of remotes; `only`: the commits to look at. */
async function* readable(proofStore: LogReader, only?: ReadonlySet<Oid>): AsyncGenerator<FoundProof> {
  const seen = new Set<string>()
  for await (const { commit, note, from } of everyNote(proofStore, 'bundles', only)) {
    for (const line of noteLinesOf(note)) {
      const proof = readableProof(line)
      if (!proof || seen.has(proof.bundle.digest)) continue
      seen.add(proof.bundle.digest)
      yield { commit, ...proof, from }
    }
  }
}

function readableProof(line: string): Pick<FoundProof, 'bundle' | 'repro'> | null {
  try {
    return proofOf(line)
  } catch (error) {
    if (error instanceof PpError) return null
    throw error
  }
}

/** The entry of a proof in `log`. It does not keep the bundle, because ten thousand bundles would not fit into memory. */
async function entryOf({ history }: LogReader, { commit, repro, from }: FoundProof): Promise<LogEntry> {
  const { session, verdict, kind, counts, finishedAt: at } = repro
  const subject = commit === null ? null : await subjectOf(history, commit)
  return { session, commit, verdict, subject: subject ?? '(commit is not here)', at, kind, counts, from }
}

async function subjectOf(history: LogReader['history'], commit: Oid): Promise<string | null> {
  try {
    return (await history.commit(commit)).subject
  } catch (error) {
    if (error instanceof PpError && error.code === 'OBJECT_MISSING') return null
    throw error
  }
}
