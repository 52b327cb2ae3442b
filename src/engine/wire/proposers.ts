import { PpError } from '../model/error.ts'
import type { Proposer } from '../ports/proposer.ts'
import { findProposer, proposers } from '../proposers/index.generated.ts'

interface Opening {
  readonly kinds: readonly string[]
  /** Kinds that a flag named. */
  readonly named: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** From git config, weaker than the environment; and from flags, stronger than it. */
  readonly config: Readonly<Record<string, string>>
  readonly flags: Readonly<Record<string, string>>
}

/** The variable of a kind that says the same as a setting. */
const VARIABLES: Readonly<Record<string, readonly [setting: string, variable: string]>> = {
  openai: ['model', 'PP_OPENAI_MODEL'],
  local: ['model', 'PP_LOCAL_MODEL'],
  command: ['command', 'PP_COMMAND'],
  stub: ['stub', 'PP_STUB_REPLY'],
}

/** Opens proposers in their order. Throws USAGE for an unknown kind, PROPOSER_FAILED for one that cannot work. */
export async function openProposers({ kinds, named, env, config, flags }: Opening): Promise<readonly Proposer[]> {
  const opened: Proposer[] = []
  for (const kind of kinds) {
    const plug = await findProposer(kind)
    if (!plug)
      throw new PpError('USAGE', `no such provider: ${kind}; known: ${Object.keys(proposers).sort().join(', ')}`)
    const [setting = '', variable = ''] = VARIABLES[kind] ?? []
    const { [setting]: overridden, ...weaker } = config
    const settings = {
      ...weaker,
      ...(env[variable] || overridden === undefined ? {} : { [setting]: overridden }),
      ...flags,
    }
    opened.push(await plug.open({ env, named: named.includes(kind), settings }))
  }
  return opened
}
