import type { DeclaredVerb } from '../../src/commands/completion/declared.ts'
import { flagName, gitConfigName, policySettings } from '../../src/engine/core/policy/policy-settings.ts'
import { owners, sentences, sharedOptions } from './options.ts'

/** The table of verbs of docs/reference.md. */
export function verbTable(verbs: readonly DeclaredVerb[]): string {
  const rows = verbs.map(({ usage, summary }) => {
    const forms = usage.map((line) => `\`${cell(line.replace(' [OPTIONS]', '').replaceAll('...', '…'))}\``)
    return `| ${forms.join(', ')} | ${summary} |`
  })
  return ['| command | does |', '|---|---|', ...rows, '| `help [VERB]` | list the verbs, or the options of one |'].join(
    '\n',
  )
}

/** The table of options of docs/reference.md. */
export function optionTable(verbs: readonly DeclaredVerb[]): string {
  const config = (long: string) =>
    policySettings()
      .filter(({ key }) => flagName(key) === `--${long}`)
      .map(({ key }) => `\`${gitConfigName(key)}\``)
  const rows = sharedOptions(verbs).map((option) => {
    const { long, short, value, of } = option
    const names = [...(short === null ? [] : [`-${short}`]), `--${long}`].map((name) =>
      value === null ? `\`${name}\`` : `\`${name} ${cell(value)}\``,
    )
    const own = of.some((verb) => verb === 'run' || verb === 'prove') ? config(long) : []
    return `| ${[names.join(', '), owners(of, verbs.length), cell(marked(sentences(option).join(' '))), own.join(', ')].join(' | ')} |`
  })
  return ['| option | of | says | git config |', '|---|---|---|---|', ...rows].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Options, keys and patterns as code. */
const marked = (text: string): string =>
  text.replace(/(?<![\w-])--[a-z][a-z-]*|\b[a-z]+\.[a-zA-Z_.]*[a-zA-Z]\b(?!\()|[\w/]+\*\*/g, '`$&`')
