import type { Command } from '../../model/command.ts'

/** What a command needs in order to start. */
export interface CommandRequirements {
  readonly programs: readonly string[]
  /** Modules that a Python is told to run. */
  readonly modules: readonly { readonly python: string; readonly name: string }[]
  /** Programs of node_modules that npx is told to run. */
  readonly bins: readonly string[]
}

/** Words of the shell that change where it looks for programs; what follows them is not analysed. */
const MOVES = new Set([
  'cd',
  'pushd',
  '.',
  'source',
  'export',
  'eval',
  'exec',
  'set',
  'if',
  'for',
  'while',
  'case',
  '(',
  '{',
  '!',
])
const ASSIGNED = /^[A-Za-z_]\w*=\S*$/

/** Reads only what is unambiguous: plain words, up to the first thing that a shell would have to expand. */
export function requirementsOf(command: Command): CommandRequirements {
  const calls = 'argv' in command ? [command.argv] : plainCalls(command.shell)
  const all = calls.map(callOf)
  return {
    programs: [...new Set(all.flatMap(({ program }) => program ?? []))],
    modules: all.flatMap(({ program, module }) => (program && module ? [{ python: program, name: module }] : [])),
    bins: all.flatMap(({ bin }) => bin ?? []),
  }
}

function plainCalls(line: string): readonly (readonly string[])[] {
  const calls: (readonly string[])[] = []
  for (const part of line.split(/&&|\|\||[;|&\n]/)) {
    const words = part.trim().split(/\s+/)
    const at = words.findIndex((word) => !ASSIGNED.test(word))
    const call = at === -1 ? [] : words.slice(at)
    const [program = ''] = call
    if (program === '' || MOVES.has(program) || !/^[\w@%+=:,./-]+$/.test(program)) break
    calls.push(call)
    // Quotes and expansions may hold what looks like the end of a command.
    if (/["'`$\\#<>(){}*?[\]]/.test(part)) break
  }
  return calls
}

function callOf([program, ...rest]: readonly string[]): { program?: string; module?: string; bin?: string } {
  if (program === undefined) return {}
  const name = program.slice(program.lastIndexOf('/') + 1)
  const plain = /^[\w@.-]+$/
  if (/^python[\d.]*$/.test(name)) {
    const module = rest[0] === '-m' ? rest[1] : undefined
    return module !== undefined && /^[\w.]+$/.test(module) ? { program, module } : { program }
  }
  const first = rest.find((word) => !word.startsWith('-'))
  return name === 'npx' && first !== undefined && plain.test(first) ? { program, bin: first } : { program }
}
