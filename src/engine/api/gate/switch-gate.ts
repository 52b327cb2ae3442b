import { PpError } from '../../model/error.ts'
import type { Caller } from '../../model/options.ts'
import type { GateStore } from '../../state/index.ts'
import { clock, type OpenRepository, readGatePolicy, withRepository } from '../../wiring/index.ts'
import { storeOf } from './gate.ts'
import { baseNow } from './gate-base.ts'
import { gateCaller } from './gate-caller.ts'

/** What a person decides about the gate of a work tree. `trust`: agrees to the policy of HEAD. */
export type GateSwitch =
  | { readonly is: 'off'; readonly forMs: number | null }
  | { readonly is: 'on' }
  | { readonly is: 'accept' }
  | { readonly is: 'trust'; readonly agreed: (demands: readonly string[]) => Promise<boolean> }

/** Carries out such a decision, and says in one sentence what is now so. Throws USAGE. */
export function switchGate(caller: Caller, asked: GateSwitch): Promise<string> {
  const own = gateCaller(caller, null)
  return withRepository(own, async (openRepo) => {
    const store = storeOf(own, openRepo)
    const worktree = await store.worktree()
    if (asked.is === 'trust') return trust(openRepo, store, asked.agreed)
    if (asked.is === 'on') {
      await store.keepWorktree({ ...worktree, off: null })
      return 'the gate is on'
    }
    if (asked.is === 'off') {
      const until = asked.forMs === null ? null : clock.now().getTime() + asked.forMs
      await store.keepWorktree({ ...worktree, off: { until } })
      return until === null ? 'the gate is off' : `the gate is off until ${new Date(until).toISOString()}`
    }
    const base = await baseNow(openRepo, 'what you accepted')
    const moved = { base, at: clock.now().getTime() }
    await store.keepWorktree({ ...worktree, accepted: base, open: null, moved })
    return 'accepted: only changes from here on count'
  })
}

async function trust(
  openRepo: OpenRepository,
  store: GateStore,
  agreed: (demands: readonly string[]) => Promise<boolean>,
): Promise<string> {
  const { history } = openRepo.repository
  const head = await history.resolve('HEAD')
  if (head === null) throw new PpError('UNSUPPORTED_REPOSITORY', 'this repository has no commit yet')
  const { tree } = await history.commit(head)
  const asked = await readGatePolicy(openRepo.repository, { commit: head, tree }, () => false)
  if (asked.withheld.length === 0) return 'the policy of HEAD asks for nothing that the gate would not give'
  if (!(await agreed(asked.withheld))) return 'nothing was changed'
  const worktree = await store.worktree()
  await store.keepWorktree({ ...worktree, trusted: [...new Set([...worktree.trusted, asked.digest])] })
  return 'the gate now gives what this policy asks for; another policy asks again'
}
