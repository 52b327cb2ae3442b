import {
  type InterpreterRules,
  interpreterOf,
  isPython,
  isRunner,
  isShell,
  programNameOf,
  splitOption,
} from './interpreter-rules.ts'

/** What the words after an interpreter tell it to run. */
export interface InterpreterArguments {
  /** Files that are loaded before a script, or instead of one. */
  readonly loads: readonly string[]
  readonly script: string | null
  /** A module of Python, by its dotted name. */
  readonly module: string | null
  /** A line for the shell itself. */
  readonly line: string | null
  /** The index of the first word that names a test; null: no word does. */
  readonly tests: number | null
  /** How many words belong to the interpreter; the words after them belong to what it runs. */
  readonly used: number
}

/** Reads the words after an interpreter. */
export function readInterpreterArguments(
  name: string,
  program: InterpreterRules,
  words: readonly string[],
): InterpreterArguments {
  const loads: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [option, value] = splitOption(word)
    const end = endAt(name, program, words, at)
    if (end !== null) return { ...NOTHING, loads, ...end }
    if (program.loads.test(option)) loads.push(value ?? words[++at] ?? '')
    else if (program.values.test(word)) at++
  }
  return { ...NOTHING, loads, used: words.length }
}

const NOTHING = { script: null, module: null, line: null, tests: null }

/** Whether the interpreter's own options end at this word, and what it runs; null: they go on. */
function endAt(
  name: string,
  program: InterpreterRules,
  words: readonly string[],
  at: number,
): (Partial<InterpreterArguments> & { used: number }) | null {
  const [word = '', next = ''] = words.slice(at)
  if (beginsTests(name, word, at)) return { used: words.length, tests: at + 1 }
  if (program.code.test(word)) return { used: words.length, line: isShell(name) ? next : null }
  if (isPython(name) && /^-[a-zA-Z]*m$/.test(word)) {
    const known = isRunner(next) || interpreterOf(next) !== null
    return known ? { used: at + 1 } : { used: at + 2, module: next }
  }
  return /^[-+]./.test(word) || program.verbs.test(word) ? null : { used: at + 1, script: word }
}

function beginsTests(name: string, word: string, at: number): boolean {
  return word === '--test' || (at === 0 && word === 'test' && /^(?:bun|deno|dart)$/.test(programNameOf(name)))
}
