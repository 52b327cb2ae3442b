import { isCommandWrapper, programNameOf, splitOption } from './interpreter-rules.ts'

/** A command that runs other commands, which are written in a file. */
export type Call =
  | { readonly is: 'ctest'; readonly dir: '' }
  | { readonly is: 'make'; readonly dir: string; readonly file: string | null; readonly goals: readonly string[] }
  | {
      readonly is: 'scripts'
      readonly dir: string
      /** Names of scripts in package.json; `*` stands for any part of a name. */
      readonly names: readonly string[]
      /** The words that are passed on to the script. */
      readonly rest: readonly string[]
    }

/** What a simple command calls; null if it is not such a call. */
export function callOf(words: readonly string[]): Call | null {
  for (const [at, word] of words.entries()) {
    const rest = words.slice(at + 1)
    const call = called(programNameOf(word), rest)
    if (call !== null) return call
    if (!isCommandWrapper(word, at)) return null
  }
  return null
}

function called(program: string, rest: readonly string[]): Call | null {
  if (/^g?make$/.test(program)) return make(rest)
  if (program === 'ctest') return { is: 'ctest', dir: '' }
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) return managed(program, rest)
  if (/^(?:npm-run-all2?|run-[sp])$/.test(program))
    return { is: 'scripts', dir: '', names: rest.filter((word) => !word.startsWith('-')), rest: [] }
  const run = rest.findIndex((word) => /^--run(?:=|$)/.test(word))
  if (program !== 'node' || run === -1) return null
  const [, said] = splitOption(rest[run] ?? '')
  const after = rest.slice(said === null ? run + 2 : run + 1)
  return { is: 'scripts', dir: '', names: [said ?? rest[run + 1] ?? ''], rest: after.filter((word) => word !== '--') }
}

function make(rest: readonly string[]): Call {
  const { values, operands } = taken(
    rest,
    /^(?:-[CfIoWE]|--(?:directory|file|makefile|include-dir|old-file|what-if|eval))$/,
  )
  const of = (names: RegExp) => values.filter(([option]) => names.test(option)).map(([, value]) => value)
  const dir = of(/^(?:-C|--directory)$/).join('/')
  const file = of(/^(?:-f|--file|--makefile)$/)[0] ?? null
  return { is: 'make', dir, file, goals: operands.filter((word) => !/=|^\d+$/.test(word)) }
}

function managed(program: string, rest: readonly string[]): Call | null {
  const { values, operands } = taken(rest, /^(?:-C|--(?:prefix|dir|cwd))$/)
  const [verb = '', name = '', ...others] = operands
  const dir = values.map(([, value]) => value).join('/')
  if (program !== 'bun' && /^(?:t|tst|test)$/.test(verb))
    return { is: 'scripts', dir, names: ['test'], rest: operands.slice(1) }
  if (/^(?:run|run-script|rum|urn)$/.test(verb)) return { is: 'scripts', dir, names: [name], rest: others }
  const bare = (program === 'yarn' || program === 'pnpm') && /^[\w:-]+$/.test(verb)
  return bare ? { is: 'scripts', dir, names: [verb], rest: operands.slice(1) } : null
}

/** Separates options with their values, including '-Cdir', from operands. */
function taken(words: readonly string[], takes: RegExp): { values: [string, string][]; operands: string[] } {
  const values: [string, string][] = []
  const operands: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [option, value] = word.startsWith('--') ? splitOption(word) : [word.slice(0, 2), word.slice(2) || null]
    if (word === '--') return { values, operands: [...operands, ...words.slice(at + 1)] }
    if (!word.startsWith('-')) operands.push(word)
    else if (takes.test(option)) values.push([option, value ?? words[++at] ?? ''])
  }
  return { values, operands }
}
