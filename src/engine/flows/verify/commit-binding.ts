import { readProofTrailer } from '../../core/attest/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { formatOf, treeId } from '../../core/gitobject/index.ts'
import type { Oid } from '../../model/oid.ts'
import {
  type CheckResult,
  checkFailed,
  checkPassed,
  type ProofCase,
  type VerificationRules,
  type VerifierPorts,
} from './proof-case.ts'

/** Does this bundle say that something was proved? */
export async function claimsAProof(
  { repro }: ProofCase,
  _desk: VerifierPorts,
  { allowWeak }: VerificationRules,
): Promise<CheckResult> {
  if (repro.verdict === 'PROVED' || repro.verdict === 'STABILIZED' || repro.verdict === 'PRESERVED')
    return checkPassed(`the verdict of session ${repro.session} is ${repro.verdict}`)
  if (repro.verdict === 'PASSED_ONCE' && allowWeak)
    return checkPassed('red once and green once, which --allow-weak accepts')
  const weak =
    repro.verdict === 'PASSED_ONCE' ? 'red once and green once is not a proof; --allow-weak accepts it' : repro.reason
  return checkFailed('NOT_A_PROOF', `${repro.verdict}: ${weak}`)
}

/**
 * Is this the commit that was proved? Either the bundle names the commit, or the commit names the bundle and has the same
 * parent and the same trees.
 */
export async function belongsToTheCommit(
  it: ProofCase,
  ports: VerifierPorts,
  { exact }: VerificationRules,
): Promise<CheckResult> {
  const { commit, repro, bundle, finalTree } = it
  const trailers = readProofTrailer(commit.message)
  const [only] = trailers
  const trailer = trailers.length === 1 && only?.session === repro.session ? only : null
  if (trailer && trailer.manifest !== bundle.digest)
    return checkFailed(
      'TAMPERED',
      `the trailer of the commit names the manifest ${shortId(trailer.manifest)}, but the bundle has ${shortId(bundle.digest)}`,
    )
  const sameTrees = commit.tree === finalTree && it.parentTree === repro.base.tree
  const sameParent = commit.parents[0] === repro.base.commit || commit.parents.length === 0
  if (repro.proved === commit.oid) {
    if (sameTrees && sameParent)
      return checkPassed('the bundle names this commit, its parent and its trees', { place: 'here' })
    return checkFailed('TAMPERED', 'the bundle names this commit, but with another parent or other trees than it has')
  }
  if (trailer && sameTrees && sameParent)
    return checkPassed('the commit names this bundle, and has its parent and trees', { place: 'here' })
  const again = `git pp prove ${shortId(commit.oid)} proves this commit itself`
  if (sameTrees && exact) return checkFailed('STALE', 'another commit with the same trees was proved', again)
  if (sameTrees)
    return checkPassed('another commit was proved; this one has the same tree and the same parent tree', {
      place: 'same trees',
    })
  if (await samePatch(it, ports)) return checkFailed('STALE', 'the same patch was proved on another base', again)
  return checkFailed('WRONG_COMMIT', 'the bundle proves another change', again)
}

/**
 * Whether the same patch was proved on another base. This is only a hint for people: the same patch may mean something else
 * there.
 */
async function samePatch(
  { commit, parentTree, bundle, repro, finalTree }: ProofCase,
  ports: VerifierPorts,
): Promise<boolean> {
  const here = await ports.patches.id(await ports.patch(parentTree, commit.tree))
  const patch = bundle.files.get(FILES.patch) ?? (await ports.patch(repro.base.tree, finalTree).catch(() => null))
  return here !== null && patch !== null && (await ports.patches.id(patch)) === here
}

/** The tree of a commit's first parent; the empty tree if it has no parent. */
export async function parentTreeOf(
  ports: Pick<VerifierPorts, 'objects'>,
  parents: readonly Oid[],
  tree: Oid,
): Promise<Oid> {
  const [parent] = parents
  return parent === undefined ? treeId([], formatOf(tree)) : (await ports.objects.commit(parent)).tree
}

export function shortId(oid: string): string {
  return oid.slice(0, 12)
}
