import { PpError } from '../model/error.ts'
import type { Proposer } from '../ports/proposer.ts'
import { proposers } from '../proposers/index.generated.ts'

interface Opening {
  readonly kinds: readonly string[]
  /** Kinds that a flag named. */
  readonly named: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly settings: Readonly<Record<string, string>>
}

/** Opens proposers in their order. Throws USAGE for an unknown kind, PROPOSER_FAILED for one that cannot work. */
export async function openProposers({ kinds, named, env, settings }: Opening): Promise<readonly Proposer[]> {
  const opened: Proposer[] = []
  for (const kind of kinds) {
    const load = Object.entries(proposers).find(([name]) => name === kind)?.[1]
    if (!load)
      throw new PpError('USAGE', `no such provider: ${kind}; known: ${Object.keys(proposers).sort().join(', ')}`)
    const { default: plug } = await load()
    opened.push(await plug.open({ env, named: named.includes(kind), settings }))
  }
  return opened
}
