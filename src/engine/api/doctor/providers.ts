import { type DoctorFinding, okFinding } from '../../model/doctor.ts'
import type { Caller } from '../../model/options.ts'
import { findProposerPlug, type OpenRepository, proposerConfig } from '../../wiring/index.ts'

/** Whether one configured provider could be asked. */
export async function providerChecks(
  caller: Caller,
  openRepo: OpenRepository,
  kind: string,
  contacts: (what: string) => void,
): Promise<readonly DoctorFinding[]> {
  const config = await proposerConfig(openRepo)
  const { plug, host } = await findProposerPlug(kind, { kinds: [kind], named: [], env: caller.env, config, flags: {} })
  await plug.open(host)
  if (!plug.reach) return [okFinding(`${kind}: contacts nobody`)]
  const found = await plug.reach(host, contacts, caller.signal)
  return [{ ...found, text: `${kind}: ${found.text}` }]
}
