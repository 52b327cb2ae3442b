import { announced } from '../../core/attest/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { formatOf, treeId } from '../../core/gitobject/index.ts'
import type { Oid } from '../../model/oid.ts'
import { type Case, type Desk, type Finding, fails, holds, type Rules } from './case.ts'

/** Does this bundle say that something was proved? */
export async function claimsAProof({ repro }: Case, _desk: Desk, { allowWeak }: Rules): Promise<Finding> {
  if (repro.verdict === 'PROVED' || repro.verdict === 'STABILIZED')
    return holds(`the verdict of session ${repro.session} is ${repro.verdict}`)
  if (repro.verdict === 'PASSED_ONCE' && allowWeak) return holds('red once and green once, which --allow-weak accepts')
  const weak =
    repro.verdict === 'PASSED_ONCE' ? 'red once and green once is not a proof; --allow-weak accepts it' : repro.reason
  return fails('NOT_A_PROOF', `${repro.verdict}: ${weak}`)
}

/** Is it this commit that was proved: named by the bundle, or naming the bundle, on the same parent, with the same trees? */
export async function belongsToTheCommit(it: Case, desk: Desk, { exact }: Rules): Promise<Finding> {
  const { commit, repro, bundle, finalTree } = it
  const trailers = announced(commit.message)
  const [only] = trailers
  const trailer = trailers.length === 1 && only?.session === repro.session ? only : null
  if (trailer && trailer.manifest !== bundle.digest)
    return fails(
      'TAMPERED',
      `the trailer of the commit names the manifest ${short(trailer.manifest)}, but the bundle has ${short(bundle.digest)}`,
    )
  const sameTrees = commit.tree === finalTree && it.parentTree === repro.base.tree
  const sameParent = commit.parents[0] === repro.base.commit || commit.parents.length === 0
  if (repro.proved === commit.oid) {
    if (sameTrees && sameParent)
      return holds('the bundle names this commit, its parent and its trees', { place: 'here' })
    return fails('TAMPERED', 'the bundle names this commit, but with another parent or other trees than it has')
  }
  if (trailer && sameTrees && sameParent)
    return holds('the commit names this bundle, and has its parent and trees', { place: 'here' })
  const again = `git pp prove ${short(commit.oid)} proves this commit itself`
  if (sameTrees && exact) return fails('STALE', 'another commit with the same trees was proved', again)
  if (sameTrees)
    return holds('another commit was proved; this one has the same tree and the same parent tree', {
      place: 'same trees',
    })
  if (await samePatch(it, desk)) return fails('STALE', 'the same patch was proved on another base', again)
  return fails('WRONG_COMMIT', 'the bundle proves another change', again)
}

/** Only a hint for people: a patch that applies elsewhere may mean something else there. */
async function samePatch({ commit, parentTree, bundle, repro, finalTree }: Case, desk: Desk): Promise<boolean> {
  const here = await desk.patches.id(await desk.patch(parentTree, commit.tree))
  const patch = bundle.files.get(FILES.patch) ?? (await desk.patch(repro.base.tree, finalTree).catch(() => null))
  return here !== null && patch !== null && (await desk.patches.id(patch)) === here
}

/** The tree of a commit's first parent, and the empty tree where there is none. */
export async function parentTreeOf(desk: Pick<Desk, 'objects'>, parents: readonly Oid[], tree: Oid): Promise<Oid> {
  const [parent] = parents
  return parent === undefined ? treeId([], formatOf(tree)) : (await desk.objects.commit(parent)).tree
}

export function short(oid: string): string {
  return oid.slice(0, 12)
}
