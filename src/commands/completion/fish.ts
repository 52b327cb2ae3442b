import type { DeclaredOption, DeclaredVerb } from './declared.ts'

/** The script for fish. */
export function fishCompletion(verbs: readonly DeclaredVerb[]): string {
  return `# Completion of \`git pp\` for fish: copy it to ~/.config/fish/completions/git-pp.fish; fish's own completion of git reads it there.

set -l verbs ${verbs.map(({ name }) => name).join(' ')}
set -l none "not __fish_seen_subcommand_from $verbs"

complete -f -c git-pp
${verbs.map(({ name, summary }) => `complete -c git-pp -n $none -a ${name} -d ${quoted(summary)}`).join('\n')}
${options(verbs).join('\n')}
${verbs.flatMap(words).join('\n')}
`
}

/** One line for all verbs that have the same option. */
function options(verbs: readonly DeclaredVerb[]): readonly string[] {
  const owners = new Map<string, string[]>()
  for (const { name, options } of verbs)
    for (const line of options.map(option)) owners.set(line, [...(owners.get(line) ?? []), name])
  return [...owners].map(([line, names]) => `complete -c git-pp -n ${seen(names)} ${line}`)
}

function option({ long, short, value, values, summary }: DeclaredOption): string {
  const names = `${short === null ? '' : `-s ${short} `}-l ${long}`
  const takes =
    value === null ? '' : values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : isPath(value) ? ' -r -F' : ' -x'
  return `${names}${takes} -d ${quoted(summary)}`
}

/** Completes words that are files or directories; names that git knows are not completed here. */
function words({ name, words }: DeclaredVerb): readonly string[] {
  if (words.includes('SHELL')) return [`complete -c git-pp -n ${seen([name])} -a 'bash zsh fish'`]
  return words.some(isPath) ? [`complete -c git-pp -n ${seen([name])} -F`] : []
}

const isPath = (word: string): boolean => ['FILE', 'DIR', 'PATH'].includes(word)
const seen = (names: readonly string[]): string => `'__fish_seen_subcommand_from ${names.join(' ')}'`
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
