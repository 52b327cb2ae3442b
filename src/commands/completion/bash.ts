import type { DeclaredOption, DeclaredVerb } from './declared.ts'

/** The script for bash. Git's own completion calls `_git_pp`. */
export function bashCompletion(verbs: readonly DeclaredVerb[]): string {
  const names = verbs.map(({ name }) => name).join(' ')
  return `# Completion of \`git pp\` for bash: source it after the completion that comes with git, which calls _git_pp.

_git_pp ()
{
	local verbs="${names}"
	local verb="$(__git_find_on_cmdline "$verbs")"

	case "$verb,$cur" in
	,*) __gitcomp "$verbs help" ;;
${[...valueCases(verbs), ...verbs.map(optionCase), ...verbs.flatMap(wordCase)].map((line) => `	${line}`).join('\n')}
	esac
}
`
}

/** One case for all verbs whose option takes the same words. */
function valueCases(verbs: readonly DeclaredVerb[]): readonly string[] {
  const patterns = new Map<string, string[]>()
  for (const { name, options } of verbs)
    for (const { long, values } of options.filter((one) => one.values.length > 0)) {
      const action = `__gitcomp "${values.join(' ')}" "" "\${cur##--${long}=}"`
      patterns.set(action, [...(patterns.get(action) ?? []), `${name},--${long}=*`])
    }
  return [...patterns].map(([action, pattern]) => `${pattern.join(' | ')}) ${action} ;;`)
}

function optionCase({ name, options }: DeclaredVerb): string {
  const typed = ({ long, value }: DeclaredOption) => `--${long}${value === null ? '' : '='}`
  return `${name},--*) __gitcomp "${options.map(typed).join(' ')}" ;;`
}

function wordCase({ name, words }: DeclaredVerb): readonly string[] {
  if (words.includes('SHELL')) return [`${name},*) __gitcomp "bash zsh fish" ;;`]
  if (words.includes('REMOTE')) return [`${name},*) __gitcomp_nl "$(__git_remotes)" ;;`]
  return words.some((word) => word === 'PROOF' || word === 'CHANGE') ? [`${name},*) __git_complete_refs ;;`] : []
}
