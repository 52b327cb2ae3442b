import * as z from 'zod'
import { lastValueOf } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import type { Caller } from '../model/options.ts'
import type { Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { findPreset, findProposer, proposers } from '../proposers/index.ts'
import { homeParts } from '../sandboxes/index.ts'
import type { OpenRepository } from './repository.ts'

interface ProposerSelection {
  readonly kinds: readonly string[]
  /** Kinds that a flag named. */
  readonly named: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** `config`: from git config, weaker than the environment. `flags`: stronger than the environment. */
  readonly config: Readonly<Record<string, string>>
  readonly flags: Readonly<Record<string, string>>
  readonly place?: ProposerHost['place']
}

/**
 * The settings of proposers, pp.command → command. What names programs and models comes from git config and flags, never from
 * the tree.
 */
export async function proposerConfig(openRepo: OpenRepository): Promise<Record<string, string>> {
  const settings: Record<string, string> = {}
  const config = await openRepo.repository.config('pp.')
  for (const key of config.keys()) {
    const last = lastValueOf(config, key)
    if (last !== null) settings[key.slice('pp.'.length)] = last
  }
  return settings
}

/** The keys of git config that some kind of proposer reads. */
export async function proposerKeys(): Promise<readonly string[]> {
  const plugs = await Promise.all(Object.keys(proposers).map((kind) => findProposer(kind)))
  const shapes = plugs.flatMap((plug) => (plug?.options instanceof z.ZodObject ? [plug.options.shape] : []))
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape).map((key) => `pp.${key}`)))]
}

/** The line that runs a coding agent which is known by this name; null: none is. */
export function presetLine(name: string): string | null {
  return findPreset(name)?.command ?? null
}

/** Where a program stands that has the same toolchains as runs, and a home of its own. */
export function placeOfProposers(
  { home, env }: Pick<Caller, 'env' | 'home'>,
  checkout: string,
): NonNullable<ProposerHost['place']> {
  const all = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const parts = () => homeParts({ path: env['PATH'] ?? '', home, checkout }, Object.fromEntries(all))
  return { checkout, homeParts: parts }
}

/** Opens proposers in their order. Throws USAGE for an unknown kind, PROPOSER_FAILED for one that cannot work. */
export async function openProposers(opening: ProposerSelection): Promise<readonly Proposer[]> {
  const opened: Proposer[] = []
  for (const kind of opening.kinds) {
    const { plug, host } = await findProposerPlug(kind, opening)
    opened.push(await plug.open(host))
  }
  return opened
}

/** The plug of a kind, and the values to open it with. Throws USAGE. */
export async function findProposerPlug(
  kind: string,
  { named, env, config, flags, place }: ProposerSelection,
): Promise<{ readonly plug: ProposerKind; readonly host: ProposerHost }> {
  const plug = await findProposer(kind)
  if (!plug)
    throw new PpError('USAGE', `there is no provider ${kind}; known: ${Object.keys(proposers).sort().join(', ')}`)
  const { name: setting = '', variable = '' } = plug.setting ?? {}
  const { [setting]: overridden, ...weaker } = config
  const settings = {
    ...weaker,
    ...(env[variable] || overridden === undefined ? {} : { [setting]: overridden }),
    ...flags,
  }
  return { plug, host: { env, named: named.includes(kind), settings, ...(place && { place }) } }
}
