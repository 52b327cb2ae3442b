import { denyMatcher } from '../core/paths/index.ts'
import { findBase, type SessionStart } from '../flows/base/index.ts'
import type { Caller, SessionOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import { changeSource, type OpenRepository, readPolicy } from '../wiring/index.ts'

/** Where a session starts, and the policy in force there. */
export type BaseWithPolicy = SessionStart & { readonly policy: Policy }

/** Finds the base and its policy. Paths that the policy denies to write are not taken from the uncommitted work. */
export async function findBaseAndPolicy(
  caller: Caller,
  openRepo: OpenRepository,
  options: SessionOptions & { provider?: readonly string[] },
): Promise<BaseWithPolicy> {
  const policyOf = ({ base }: SessionStart) => readPolicy(caller, openRepo.repository, base, options, 'default')
  const found = await findBase(changeSource(openRepo), options.base)
  const policy = await policyOf(found)
  if (!found.base.snapshot || policy.denyWrite.length === 0) return { ...found, policy }
  const denied = denyMatcher(policy.denyWrite)
  const again = await findBase(changeSource(openRepo), options.base, (path) => denied(path) !== null)
  return { ...again, policy: again.base.tree === found.base.tree ? policy : await policyOf(again) }
}
