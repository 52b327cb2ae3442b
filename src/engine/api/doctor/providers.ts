import { type Checked, ok } from '../../model/checkup.ts'
import type { Caller } from '../../model/options.ts'
import { findPlug, type Ground, proposerConfig } from '../../wiring/index.ts'

/** Whether one configured provider could be asked. */
export async function providerChecks(
  caller: Caller,
  ground: Ground,
  kind: string,
  contacts: (what: string) => void,
): Promise<readonly Checked[]> {
  const config = await proposerConfig(ground)
  const { plug, host } = await findPlug(kind, { kinds: [kind], named: [], env: caller.env, config, flags: {} })
  await plug.open(host)
  if (!plug.reach) return [ok(`${kind}: contacts nobody`)]
  const found = await plug.reach(host, contacts, caller.signal)
  return [{ ...found, text: `${kind}: ${found.text}` }]
}
