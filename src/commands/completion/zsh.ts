import type { DeclaredOption, DeclaredVerb } from './declared.ts'

/** The script for zsh. zsh's own completion of git calls `_git-pp`. */
export function zshCompletion(verbs: readonly DeclaredVerb[]): string {
  return `#compdef git-pp pp
# Completion of \`git pp\` for zsh: save it as _git-pp in a directory of $fpath; zsh's own completion of git finds it there.

_git-pp () {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a verbs
  verbs=(
${verbs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
    'help:list the verbs, or the options of one'
  )
  _arguments -C \\
    '*-C[work as if started there]:directory:_directories' \\
    '--version[print the version]' \\
    '(-h --help)'{-h,--help}'[list the verbs]' \\
    '(-): :->verb' \\
    '(-)*:: :->words' && return
  case $state in
  verb) _describe -t verbs 'git pp verb' verbs ;;
  words)
    case $words[1] in
${verbs.map(verbCase).join('\n')}
    esac ;;
  esac
}

_git-pp "$@"
`
}

function verbCase({ name, options, words }: DeclaredVerb): string {
  const lines = [...options.flatMap(option), ...wordsOf(words)]
  return `    ${name})\n      _arguments -s \\\n${lines.map((line) => `        ${line}`).join(' \\\n')} ;;`
}

function option({ long, short, value, values, summary }: DeclaredOption): readonly string[] {
  const about = `[${summary.replaceAll(/[[\]\\]/g, '\\$&')}]`
  const takes = value === null ? '' : `:${value.replaceAll(':', '\\:')}:${action(value, values)}`
  const equals = value === null ? '' : '='
  const names = [...(short === null ? [] : [`-${short}${value === null ? '' : '+'}`]), `--${long}${equals}`]
  return names.map((one) => quoted(`*${one}${about}${takes}`))
}

function action(value: string, values: readonly string[]): string {
  if (values.length > 0) return `(${values.join(' ')})`
  return value === 'FILE' || value === 'PATH' ? '_files' : ' '
}

/** Completes the words of one verb, in any order. */
function wordsOf(words: readonly string[]): readonly string[] {
  const [first] = words
  if (first === undefined) return []
  if (first === 'SHELL') return ["'1:SHELL:(bash zsh fish)'"]
  return [quoted(`*:${words.join(' or ')}:${words.some((word) => word === 'FILE' || word === 'DIR') ? '_files' : ' '}`)]
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
