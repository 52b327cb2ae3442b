import { statusOfVerification, type Verification, verificationsText, worstStatus } from '../engine/index.ts'
import type { CommandAnswer } from './verb.ts'

/** The answer of `verify`: for one proof, or for several. */
export function verificationAnswer(results: readonly Verification[]): CommandAnswer {
  const [only, second] = results
  const status = worstStatus(results.map(statusOfVerification))
  const decisive = results.find((one) => statusOfVerification(one) === status)
  const lines: CommandAnswer['lines'] = (paint) => verificationsText(results, paint)
  if (only && !second) return { status, json: { ...only }, lines }
  if (!decisive) {
    const reason = 'the range contains no commit that has to be proved'
    return { status, json: { verdict: 'OK', reason, results }, lines: () => [reason] }
  }
  const { verdict, reason, commit } = decisive
  const told = status === 0 ? `${results.length} commits` : `${commit?.slice(0, 12)}: ${reason}`
  return { status, json: { verdict, reason: told, results }, lines }
}
