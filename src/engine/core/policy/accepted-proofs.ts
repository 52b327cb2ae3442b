import type { Policy } from '../../model/policy.ts'
import type { Verdict } from '../../model/verdict.ts'

/**
 * Why a policy does not accept a proof with this verdict: a sentence that says what the policy would have to state; null: it
 * accepts it.
 */
export function notAcceptedReason(verdict: Verdict, { verify: { accept } }: Pick<Policy, 'verify'>): string | null {
  const kind = verdict === 'STABILIZED' ? 'flaky' : verdict === 'PRESERVED' ? 'refactor' : 'fix'
  if (accept.includes(kind)) return null
  return `the policy does not accept ${verdict}: verify.accept is [${accept.join(', ')}]; add ${kind} to it to accept this`
}
