import { takeSnapshot } from '../../flows/base/index.ts'
import type { GateBase } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import type { Snapshot } from '../../ports/repository.ts'
import type { GateWorktree } from '../../state/index.ts'
import { changeSource, type OpenRepository } from '../../wiring/index.ts'

/** In commits: how far back a base is looked for. */
const FAR = 1000

/** The work tree as it is now, as a base: HEAD and the uncommitted work, so that only later changes count. */
export async function baseNow(openRepo: OpenRepository, is: string): Promise<GateBase> {
  const source = changeSource(openRepo)
  const head = await source.history.resolve('HEAD')
  const { commit, tree, dirty } = await takeSnapshot(source)
  if (dirty) await openRepo.refs.update([{ ref: `refs/pp/${openRepo.id}/base`, to: commit, from: null }])
  return { commit, tree, head: head ?? commit, snapshot: dirty, is }
}

/**
 * The base of a session that nobody announced. Never HEAD as it is now: the agent may have committed before its first stop.
 * `began`: when the session began, in ms; null: unknown. Null: no base can be told.
 */
export async function baseWithoutBegin(
  { repository }: OpenRepository,
  { open, accepted }: Pick<GateWorktree, 'open' | 'accepted'>,
  began: number | null,
): Promise<GateBase | null> {
  if (open !== null) return { ...open, is: 'where work began that is not proved yet' }
  if (accepted !== null) return { ...accepted, is: 'what this gate accepted last' }
  const { history } = repository
  const head = await history.resolve('HEAD')
  if (head === null) return null
  if (began !== null) {
    const old = await commitBefore(history, head, began / 1000)
    if (old !== null) return old
  }
  const upstream = await repository.upstream()
  const fork = upstream === null ? null : await history.mergeBase(head, upstream)
  return fork === null ? null : commitAsBase(history, fork, 'the merge base with the upstream branch')
}

/**
 * The same base, or where the two histories part if it is no ancestor of HEAD any more: after an amend or a rebase. A HEAD that
 * was only moved back leaves the base where it is, because commits that are gone are a change, too.
 */
export async function baseOfToday({ repository: { history } }: OpenRepository, base: GateBase): Promise<GateBase> {
  const head = await history.resolve('HEAD')
  if (head === null || head === base.head) return base
  const fork = await history.mergeBase(base.head, head)
  if (fork === null || fork === base.head || fork === head) return base
  return commitAsBase(history, fork, 'where HEAD and the commit that the session began with part')
}

type History = OpenRepository['repository']['history']

async function commitBefore(history: History, head: Oid, seconds: number): Promise<GateBase | null> {
  let commit: Oid | undefined = head
  for (let n = 0; commit !== undefined && n < FAR; n++) {
    const facts: Awaited<ReturnType<History['commit']>> = await history.commit(commit)
    if (facts.at < seconds) return commitAsBase(history, commit, 'the newest commit from before the session')
    commit = facts.parents[0]
  }
  return null
}

async function commitAsBase(history: History, commit: Oid, is: string): Promise<GateBase> {
  const { tree } = await history.commit(commit)
  return { commit, tree, head: commit, snapshot: false, is }
}

export type WorkTreeNow = Pick<Snapshot, 'commit' | 'tree' | 'dirty'>
