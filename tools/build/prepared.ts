import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HELP_WIDTHS, type PreparedVerb } from '../../src/commands/prepared.ts'
import type { VerbClass } from '../../src/commands/verb.ts'

/**
 * Writes into `dist` what can be said of each verb without loading it: which words it takes, and its help. It comes from the class
 * of the verb, like everything else that is said of it.
 */
export async function prepare(dist: string): Promise<void> {
  const folder = join(dist, 'prepared')
  mkdirSync(folder, { recursive: true })
  const verbs = await preparedVerbs()
  for (const [name, verb] of verbs) writeFileSync(join(folder, `${name}.json`), JSON.stringify(verb))
}

export async function preparedVerbs(): Promise<ReadonlyMap<string, PreparedVerb>> {
  // Asked for before oclif is loaded, which looks at it only then: what is prepared is the help of a terminal with styles.
  process.env['FORCE_COLOR'] = '1'
  const { VERBS } = await import('../../src/commands/verbs.ts')
  const found = new Map<string, PreparedVerb>()
  for (const [name, { load }] of VERBS) found.set(name, await prepared(name, (await load()).default))
  return found
}

async function prepared(name: string, Class: VerbClass): Promise<PreparedVerb> {
  const { commandConfig, grammarOf } = await import('../../src/commands/verb.ts')
  const { renderHelp } = await import('../../src/commands/help.ts')
  // Two names may be of one class, as `verify` and its earlier name.
  Class.id = name
  const rendered = (width: number) => renderHelp(Class, commandConfig(''), width)
  return { grammar: grammarOf(Class), help: Object.fromEntries(HELP_WIDTHS.map((width) => [width, rendered(width)])) }
}
