import type { Config, Interfaces } from '@oclif/core'
import { Command } from '@oclif/core/command'
import { CommandHelp } from '@oclif/core/help'

/** What a class of a verb says of itself. */
export interface DescribedVerb
  extends Pick<typeof Command, 'baseFlags' | 'flags' | 'description' | 'usage' | 'examples'> {
  readonly id: string
  readonly words: { readonly about: Readonly<Record<string, string>> }
}

/** The help of a verb as oclif renders it. */
export function renderHelp(Class: DescribedVerb, config: Config, width: number): string {
  const { id, description, examples, usage, words } = Class
  const args = Object.fromEntries(
    Object.entries(words.about).map(([name, about]) => [name, { name, description: about, type: 'option' as const }]),
  )
  const all = { ...Class.baseFlags, ...Class.flags }
  const flags = Object.fromEntries(Object.entries(all).map(([name, flag]) => [name, inShort(flag)]))
  const known = { id, description, examples, usage, flags, args }
  // The help of one command loads no other.
  const cached = { ...known, aliases: [], hiddenAliases: [], hidden: false, load: async () => Command }
  return new CommandHelp(cached, config, { maxWidth: width }).generate()
}

/** An option as help shows it: if it has a summary, only that; the description is for the manual page and the reference. */
function inShort(flag: Interfaces.Flag<unknown>): Interfaces.Flag<unknown> {
  const { summary, ...rest } = flag
  return summary === undefined ? flag : { ...rest, description: summary }
}
