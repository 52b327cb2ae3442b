import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { CommitHistory } from '../../ports/repository.ts'
import type { PolicyTree } from './policy-of-tree.ts'

/** The commit whose policy is used in place of that of the base. Throws USAGE. */
export async function policyCommit(
  history: Pick<CommitHistory, 'resolve' | 'commit'>,
  ref: string,
): Promise<PolicyTree> {
  const commit = await history.resolve(ref)
  if (commit === null) throw new PpError('USAGE', `there is no commit ${ref} in this repository`)
  return { commit, tree: (await history.commit(commit)).tree }
}

/**
 * Throws NOT_ALLOWED unless a change starts where its history branches off from the policy's commit, or at a commit that was
 * `proved` before: who makes a branch could otherwise leave out a part of it. `tip`: the last commit of the change.
 */
export async function startsAtMergeBase(
  history: Pick<CommitHistory, 'mergeBase'>,
  { ref, commit }: { readonly ref: string; readonly commit: Oid },
  { base, tip }: { readonly base: Oid; readonly tip: Oid },
  proved: ReadonlySet<Oid>,
): Promise<void> {
  const start = await history.mergeBase(commit, tip)
  if (start === base || proved.has(base)) return
  const short = (oid: Oid) => oid.slice(0, 12)
  const there =
    start === null ? `it has no common ancestor with ${ref}` : `the merge base with ${ref} is ${short(start)}`
  throw new PpError('NOT_ALLOWED', `the change starts from ${short(base)}, but ${there}`, {
    mend: `git pp prove ${ref}..${short(tip)} --policy-from ${ref}`,
  })
}
