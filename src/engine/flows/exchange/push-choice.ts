import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { PushOptions } from '../../model/options.ts'
import { HOLDS } from '../../model/verdict.ts'
import { notesRef, PP_HEAD } from '../refs/index.ts'
import { type Found, findProof, isStartOf, linesOf, proofsOn, type Shelf, subjectOf } from '../store/index.ts'
import type { RemoteNotes } from './fetch.ts'

interface Choice {
  readonly proofs: readonly Found[]
  readonly warnings: string[]
  /** How many stay because they started from uncommitted work. */
  readonly uncommitted: number
}

/**
 * The proofs to push: those that were named (a commit: every proof on it), else of the newest session and of the
 * commits of this branch those of which the remote's notes lack a line of ours. Throws NO_PROOF, USAGE.
 */
export async function chooseProofs(shelf: Shelf, options: PushOptions, tips: RemoteNotes['tips']): Promise<Choice> {
  const named = options.proofs.length > 0
  const all = named ? await namedProofs(shelf, options.proofs) : await lackingProofs(shelf, tips)
  const secret = all.filter(({ repro }) => repro.base.snapshot && !options.withSnapshot)
  const [first] = secret
  const why = 'started from uncommitted work, which would be sent too; to send it, add --with-snapshot'
  if (named && first) throw new PpError('USAGE', `session ${first.repro.session} ${why}`)
  const warnings = first ? [`${secret.length === 1 ? '1 session' : `${secret.length} sessions`} ${why}`] : []
  return { proofs: all.filter((proof) => !secret.includes(proof)), warnings, uncommitted: secret.length }
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

async function lackingProofs(shelf: Shelf, tips: RemoteNotes['tips']): Promise<readonly Found[]> {
  const lacking = await lackingBundles(shelf, tips)
  const commits = new Set(lacking.keys())
  const head = await shelf.history.resolve('HEAD')
  const newest = await shelf.history.resolve(PP_HEAD)
  const ofBranch = head === null ? [] : await shelf.history.contained(head, commits)
  const proofs: Found[] = []
  for (const commit of new Set([...ofBranch, ...(newest && commits.has(newest) ? [newest] : [])])) {
    const wanted = lacking.get(commit)
    const here = await proofsOn(shelf, commit)
    proofs.push(...here.filter(({ repro, bundle }) => HOLDS.has(repro.verdict) && wanted?.has(bundle.digest)))
  }
  return proofs
}

/** Commit → the bundles that a line of our index or attestations is about which the remote does not have. */
async function lackingBundles(shelf: Shelf, tips: RemoteNotes['tips']): Promise<ReadonlyMap<Oid, ReadonlySet<string>>> {
  const lacking = new Map<Oid, Set<string>>()
  for (const kind of ['index', 'attestations'] as const) {
    const theirs = tips.get(kind) ?? null
    for (const local of [false, true]) {
      for await (const [commit, note] of shelf.notes.each(
        notesRef(kind, local),
        theirs === null ? {} : { unlike: theirs },
      )) {
        const there = new Set(theirs === null ? [] : linesOf(await shelf.notes.read(theirs, commit)))
        const about = linesOf(note).flatMap((line) => (there.has(line) ? [] : (subjectOf(kind, line) ?? [])))
        if (about.length > 0) lacking.set(commit, new Set([...(lacking.get(commit) ?? []), ...about]))
      }
    }
  }
  return lacking
}
