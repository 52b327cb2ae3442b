import { mergePolicy } from '../../core/policy/index.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'
import { isBare } from '../../model/kinds.ts'
import type { Caller } from '../../model/options.ts'
import type { Policy } from '../../model/policy.ts'
import type { Sandbox } from '../../ports/sandbox.ts'
import { sandboxes } from '../../sandboxes/index.ts'
import {
  boundsOf,
  clock,
  containerWish,
  type OpenRepository,
  openSandbox,
  sandboxHostOf,
  sandboxKindOf,
  traced,
  traceOf,
} from '../../wiring/index.ts'

/** Tries each backend as the caller. One that does not work is only a note, because another one may work. */
export async function probeChecks(
  caller: Caller,
  checkout: string,
  state: string,
  id: string,
): Promise<readonly DoctorFinding[]> {
  const bounds = boundsOf(mergePolicy([], { limits: 'default' }))
  const host = sandboxHostOf(caller, { checkout, state, session: id }, bounds, undefined)
  const checks: DoctorFinding[] = []
  for (const name of Object.keys(sandboxes)
    .filter((kind) => !isBare(kind))
    .sort()) {
    const missing = await (await sandboxKindOf(name)).probe(host)
    checks.push(missing === null ? okFinding(`${name} works`) : noteFinding(`${name} does not work: ${missing}`))
  }
  return checks
}

/** The sandbox that a session would use, what its test showed, and what it does about each danger. */
export async function chosenSandboxCheck(
  caller: Caller,
  { repository, scratch, id }: OpenRepository,
  policy: Policy,
): Promise<{ readonly sandbox: Sandbox; readonly checks: readonly DoctorFinding[] }> {
  const where = { checkout: repository.place.top, state: scratch, session: id }
  const host = sandboxHostOf(caller, where, boundsOf(policy), containerWish(policy, caller.env))
  const sandbox = traced(await openSandbox(host, policy), traceOf(caller, clock))
  const how = policy.sandbox.backend === 'auto' ? 'auto chooses' : 'the policy chooses'
  const chosen = okFinding(`${how} ${sandbox.version}`)
  if (policy.network === 'deny') await sandbox.selfTest()
  const enforced = Object.entries(sandbox.enforces)
  const names = (wanted: (value: unknown) => boolean) =>
    enforced.flatMap(([name, value]) => (wanted(value) ? [told(name, value)] : []))
  const good = names((value) => value !== false)
  const bad = names((value) => value === false)
  const tested =
    policy.network === 'deny' ? [okFinding('its self-test passed: no port and no socket outside can be reached')] : []
  return {
    sandbox,
    checks: [
      chosen,
      ...tested,
      ...(good.length > 0 ? [okFinding(`enforced: ${good.join(', ')}`)] : []),
      ...(bad.length > 0 ? [noteFinding(`not enforced: ${bad.join(', ')}`)] : []),
    ],
  }
}

/** 'judgesReadOnly' → 'judges read only', 'syscalls' → 'system calls'. */
function told(name: string, value: unknown): string {
  const words = name.replace(/^syscalls$/, 'system calls').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return typeof value === 'boolean' ? words : `${words} (${JSON.stringify(value)})`
}
