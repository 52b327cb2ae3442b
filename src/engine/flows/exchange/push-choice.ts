import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { PushOptions } from '../../model/options.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import { notesRef, PP_HEAD } from '../refs/index.ts'
import {
  bundleDigestOf,
  type FoundProof,
  findProof,
  isStartOf,
  noteLinesOf,
  type ProofStore,
  proofsOn,
} from '../store/index.ts'
import type { RemoteNotes } from './fetch.ts'

interface PushChoice {
  readonly proofs: readonly FoundProof[]
  readonly warnings: string[]
  /** How many proofs are not pushed because they started from uncommitted work. */
  readonly uncommitted: number
}

/**
 * The proofs to push. If some were named, exactly those (a commit stands for every proof on it). Otherwise the proofs of the
 * newest session and of the commits of this branch, if the remote's notes lack one of our lines about them. Throws NO_PROOF,
 * USAGE.
 */
export async function chooseProofs(
  proofStore: ProofStore,
  options: PushOptions,
  tips: RemoteNotes['tips'],
): Promise<PushChoice> {
  const named = options.proofs.length > 0
  const all = named ? await namedProofs(proofStore, options.proofs) : await lackingProofs(proofStore, tips)
  const secret = all.filter(({ repro }) => repro.base.snapshot && !options.withSnapshot)
  const [first] = secret
  const why = 'started from uncommitted work, which would be sent too; to send it, add --with-snapshot'
  if (named && first) throw new PpError('USAGE', `session ${first.repro.session} ${why}`)
  const warnings = first ? [`${secret.length === 1 ? '1 session' : `${secret.length} sessions`} ${why}`] : []
  return { proofs: all.filter((proof) => !secret.includes(proof)), warnings, uncommitted: secret.length }
}

async function namedProofs(proofStore: ProofStore, words: readonly string[]): Promise<readonly FoundProof[]> {
  const chosen = new Map<string, FoundProof>()
  for (const word of words) {
    const found = await findProof(proofStore, word)
    const onlyThis = isStartOf(word, found.repro.session) || found.commit === null
    for (const proof of onlyThis ? [found] : await proofsOn(proofStore, found.commit ?? '')) {
      chosen.set(proof.bundle.digest, proof)
    }
  }
  return [...chosen.values()]
}

async function lackingProofs(proofStore: ProofStore, tips: RemoteNotes['tips']): Promise<readonly FoundProof[]> {
  const lacking = await lackingBundles(proofStore, tips)
  const commits = new Set(lacking.keys())
  const head = await proofStore.history.resolve('HEAD')
  const newest = await proofStore.history.resolve(PP_HEAD)
  const ofBranch = head === null ? [] : await proofStore.history.contained(head, commits)
  const proofs: FoundProof[] = []
  for (const commit of new Set([...ofBranch, ...(newest && commits.has(newest) ? [newest] : [])])) {
    const wanted = lacking.get(commit)
    const here = await proofsOn(proofStore, commit)
    proofs.push(...here.filter(({ repro, bundle }) => PROVED_VERDICTS.has(repro.verdict) && wanted?.has(bundle.digest)))
  }
  return proofs
}

/** Commit → the bundles whose lines in our index or attestations the remote does not have. */
async function lackingBundles(
  proofStore: ProofStore,
  tips: RemoteNotes['tips'],
): Promise<ReadonlyMap<Oid, ReadonlySet<string>>> {
  const lacking = new Map<Oid, Set<string>>()
  for (const kind of ['index', 'attestations'] as const) {
    const theirs = tips.get(kind) ?? null
    for (const local of [false, true]) {
      for await (const [commit, note] of proofStore.notes.each(
        notesRef(kind, local),
        theirs === null ? {} : { changedSince: theirs },
      )) {
        const there = new Set(theirs === null ? [] : noteLinesOf(await proofStore.notes.read(theirs, commit)))
        const about = noteLinesOf(note).flatMap((line) => (there.has(line) ? [] : (bundleDigestOf(kind, line) ?? [])))
        if (about.length > 0) lacking.set(commit, new Set([...(lacking.get(commit) ?? []), ...about]))
      }
    }
  }
  return lacking
}
