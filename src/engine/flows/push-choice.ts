import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { PushOptions } from '../model/options.ts'
import { type Found, findProof, isStartOf, linesOf, proofsOn, type Shelf } from './find.ts'
import { notesRef, PP_HEAD, remoteNotesRef } from './refs.ts'

/** What is worth sending unasked. */
const HOLDS = new Set(['PROVED', 'PASSED_ONCE'])

interface Choice {
  readonly proofs: readonly Found[]
  readonly warnings: string[]
}

/**
 * The proofs to push: those that were named (a commit: every proof on it), else of the newest session and of the
 * commits of this branch those that the remote's notes, as last fetched, lack. Throws NO_PROOF, USAGE.
 */
export async function chooseProofs(shelf: Shelf, options: PushOptions, remote: string): Promise<Choice> {
  const named = options.proofs.length > 0
  const all = named ? await namedProofs(shelf, options.proofs) : await lackingProofs(shelf, remote)
  const secret = all.filter(({ repro }) => repro.base.snapshot && !options.withSnapshot)
  const [first] = secret
  const why = 'started from uncommitted work, which would be sent, too; --with-snapshot does that'
  if (named && first) throw new PpError('USAGE', `session ${first.repro.session} ${why}`)
  const warnings = first ? [`${secret.length === 1 ? '1 session' : `${secret.length} sessions`} ${why}`] : []
  return { proofs: all.filter((proof) => !secret.includes(proof)), warnings }
}

async function namedProofs(shelf: Shelf, words: readonly string[]): Promise<readonly Found[]> {
  const chosen = new Map<string, Found>()
  for (const word of words) {
    const found = await findProof(shelf, word)
    const onlyThis = isStartOf(word, found.repro.session) || found.commit === null
    for (const proof of onlyThis ? [found] : await proofsOn(shelf, found.commit ?? '')) {
      chosen.set(proof.bundle.digest, proof)
    }
  }
  return [...chosen.values()]
}

async function lackingProofs(shelf: Shelf, remote: string): Promise<readonly Found[]> {
  const commits = await lackingCommits(shelf, remote)
  const head = await shelf.history.resolve('HEAD')
  const newest = await shelf.history.resolve(PP_HEAD)
  const ofBranch = head === null ? [] : await shelf.history.contained(head, commits)
  const proofs: Found[] = []
  for (const commit of new Set([...ofBranch, ...(newest && commits.has(newest) ? [newest] : [])])) {
    proofs.push(...(await proofsOn(shelf, commit)).filter(({ repro }) => HOLDS.has(repro.verdict)))
  }
  return proofs
}

/** Commits with a line in our index or attestations that the remote does not have. */
async function lackingCommits(shelf: Shelf, remote: string): Promise<ReadonlySet<Oid>> {
  const lacking = new Set<Oid>()
  for (const kind of ['index', 'attestations'] as const) {
    const theirs = remoteNotesRef(remote, kind)
    for (const local of [false, true]) {
      for await (const [commit, note] of shelf.notes.each(notesRef(kind, local), { unlike: theirs })) {
        const there = new Set(linesOf(await shelf.notes.read(theirs, commit)))
        if (linesOf(note).some((line) => !there.has(line))) lacking.add(commit)
      }
    }
  }
  return lacking
}
