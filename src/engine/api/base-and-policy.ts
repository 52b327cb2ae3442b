import { denyMatcher } from '../core/paths/index.ts'
import { findBase, type Start } from '../flows/base/index.ts'
import type { Caller, SessionOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import { changeSource, type Ground, readPolicy } from '../wiring/index.ts'

/** Where a session starts, and the policy in force there. */
export type Begun = Start & { readonly policy: Policy }

/** The base and its policy; what that policy denies to be written is not taken from the uncommitted work. */
export async function startOf(
  caller: Caller,
  ground: Ground,
  options: SessionOptions & { provider?: readonly string[] },
): Promise<Begun> {
  const policyOf = ({ base }: Start) => readPolicy(caller, ground.repository, base, options, 'default')
  const found = await findBase(changeSource(ground), options.base)
  const policy = await policyOf(found)
  if (!found.base.snapshot || policy.denyWrite.length === 0) return { ...found, policy }
  const denied = denyMatcher(policy.denyWrite)
  const again = await findBase(changeSource(ground), options.base, (path) => denied(path) !== null)
  return { ...again, policy: again.base.tree === found.base.tree ? policy : await policyOf(again) }
}
