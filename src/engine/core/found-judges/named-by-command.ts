import type { Target } from '../../model/command.ts'
import { readInterpreterArguments } from './interpreter-arguments.ts'
import * as programs from './interpreter-rules.ts'
import { optionsInVariables } from './option-variables.ts'
import { type SimpleCommand, simpleCommandsOf } from './shell-line.ts'
import { type TrackedFileLookup, trackedFileLookup } from './tracked-files.ts'

/** A file that is a judge because of the words of a command. */
export interface CommandNamedFile {
  readonly path: string
  /** A clause for people: what the command does with it. */
  readonly why: string
  /**
   * `run`: the command runs it as a program or script; `given`: it is given to a runner, or loaded before; `compared`: output
   * is compared with it; `only`: a tool from outside the repository looks at nothing else; `led`: no word of the command
   * names it, but a recipe or a script that the command leads to.
   */
  readonly how: 'run' | 'given' | 'compared' | 'only' | 'led'
}

/**
 * The tracked files that are judges because targets name them: files that a command runs as its program or script, gives to a
 * test runner or compares with, and a file that is the only one it names. Not included: files for programs that only look at
 * files, several sources of a compiler, product with tests of its own, and a script whose status is lost because another
 * command reads its output.
 */
export function namedByCommand(targets: readonly Target[], paths: Iterable<string>): CommandNamedFile[] {
  const tracked = trackedFileLookup(paths)
  const found = new Map<string, CommandNamedFile>()
  for (const target of targets)
    for (const one of namedBy(target, tracked)) if (!found.has(one.path)) found.set(one.path, one)
  return [...found.values()]
}

/** The simple commands of a target. */
export function simplesOf({ command }: Pick<Target, 'command'>): readonly SimpleCommand[] {
  const alone = { sets: [], inputs: [], outputs: [], dir: '', aside: false }
  return 'shell' in command ? simpleCommandsOf(command.shell) : [{ words: command.argv, ...alone }]
}

/** What these commands show if they start in `cwd`. */
export function readingOf(all: readonly SimpleCommand[], tracked: TrackedFileLookup, cwd: string): CommandScan {
  const reading: CommandScan = {
    ...{ tracked, cwd, decides: new Map(), mentions: new Map(), suites: [], variables: new Map() },
    ...{ simples: [], started: [] },
  }
  readAll(reading, all)
  return reading
}

function namedBy(target: Target, tracked: TrackedFileLookup): readonly CommandNamedFile[] {
  const { decides, mentions, suites } = readingOf(simplesOf(target), tracked, target.cwd)
  const [only, second] = mentions.keys()
  if (decides.size > 0 || only === undefined || second !== undefined) return [...decides.values()]
  const by = mentions.get(only)
  return suites.every((suite) => suite === by)
    ? [{ path: only, why: 'it is the only file that the command names', how: 'only' }]
    : []
}

/** A program that a command starts, and whose status counts. */
export interface Started {
  /** How it is called. */
  readonly word: string
  readonly paths: readonly string[]
  /** It has no operands. */
  readonly alone: boolean
  /** A shell interprets it. */
  readonly shell: boolean
  readonly simple: SimpleCommand
}

/** What the words of one command line have shown so far. */
export interface CommandScan {
  readonly tracked: TrackedFileLookup
  readonly cwd: string
  readonly decides: Map<string, CommandNamedFile>
  /** Files that are named for an unknown purpose, and the command that names them. */
  readonly mentions: Map<string, SimpleCommand>
  /** Commands that find their tests themselves. */
  readonly suites: SimpleCommand[]
  /** The values that variables of the line may have. */
  readonly variables: Map<string, readonly string[]>
  /** All simple commands that were read, also those inside of `sh -c`. */
  readonly simples: SimpleCommand[]
  readonly started: Started[]
}

function readAll(reading: CommandScan, all: readonly SimpleCommand[]): void {
  for (const [at, simple] of all.entries()) {
    const aside = simple.aside || comparedLater(simple, all.slice(at + 1))
    const fed = all[at - 1]
    const inputs = fed?.aside && fed.words[0] === 'cat' ? [...simple.inputs, ...fed.words.slice(1)] : simple.inputs
    readSimple(reading, { ...simple, aside, inputs })
  }
}

/** Whether its output goes into a file that a later command compares. */
function comparedLater({ outputs }: SimpleCommand, later: readonly SimpleCommand[]): boolean {
  const made = outputs.filter((path) => !path.startsWith('/dev/'))
  if (made.length === 0) return false
  return later.some(({ words: [first = '', ...words], inputs }) => {
    const compares = programs.comparesFiles(first) || programs.interpreterOf(first) !== null
    return compares && made.some((path) => [...words, ...inputs].includes(path))
  })
}

function readSimple(reading: CommandScan, simple: SimpleCommand): void {
  const { words, sets } = simple
  const [first = '', second = ''] = words
  reading.simples.push(simple)
  const looks = programs.onlyReadsFiles(first) && !words.some((word) => programs.interpreterOf(word))
  for (const [name, value] of sets) {
    mention(reading, simple, value)
    if (words.length === 0) reading.variables.set(name, [...(reading.variables.get(name) ?? []), value])
  }
  for (const [name, options] of optionsInVariables(simple)) readRunner(reading, simple, name, options)
  if (programs.testsInside(words)) return
  if (programs.isSuite(words)) reading.suites.push(simple)
  const tests = programs.packageTest(words)
  if (first === '.' || first === 'source')
    script(reading, simple, second, { rest: words.slice(2), by: '', shell: true })
  else if (first === 'eval') readAll(reading, simpleCommandsOf(words.slice(1).join(' '), simple.dir))
  else if (programs.isDiffProgram(first))
    decideAll(reading, simple, words.slice(1), { how: 'compared', why: `${first} compares something with it` })
  else if (tests !== null) readRunner(reading, simple, first, words.slice(tests))
  else if (!looks) readWords(reading, simple)
}

/** A path is the program if all words before it are wrappers. */
function readWords(reading: CommandScan, simple: SimpleCommand): void {
  const { words, inputs } = simple
  for (const word of inputs) mention(reading, simple, word)
  let wrapped = true
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const interpreter = programs.interpreterOf(word)
    if (programs.isRunner(word)) {
      readRunner(reading, simple, word, words.slice(at + 1))
      return
    }
    if (interpreter !== null) at += readInterpreter(reading, simple, word, interpreter, words.slice(at + 1))
    else if (wrapped && programs.isProgramPath(word, at))
      script(reading, simple, word, { rest: words.slice(at + 1), by: '', shell: false })
    else mention(reading, simple, programs.optionValueOf(word))
    wrapped &&= interpreter === null && programs.isCommandWrapper(word, at)
  }
}

/** Every file given to a test runner is a test or part of a test's setup. */
function readRunner(reading: CommandScan, simple: SimpleCommand, name: string, rest: readonly string[]): void {
  const cause = { how: 'given', why: `the command gives it to ${programs.programNameOf(name)}`, by: name } as const
  let measured = false
  for (const [at, word] of rest.entries()) {
    const isOption = word.startsWith('-')
    const [option, value] = isOption ? programs.splitOption(word) : [rest[at - 1] ?? '', word]
    if (isOption && value === null) measured = /related/i.test(option)
    if (value === null || measured || programs.namesProduct(option)) continue
    if (isOption && !programs.loadsFile(option)) continue
    decide(reading, simple, value, cause)
    if (programs.runsDottedModules(name) || option === '-p') decideModule(reading, simple, value, cause)
  }
}

/** Returns how many words belong to the interpreter. */
function readInterpreter(
  reading: CommandScan,
  simple: SimpleCommand,
  name: string,
  program: programs.InterpreterRules,
  rest: readonly string[],
): number {
  const { loads, script: own, module, line, tests, used } = readInterpreterArguments(name, program, rest)
  const shell = programs.isShell(name)
  decideAll(reading, simple, loads, { how: 'given', why: RUN.why, by: name })
  if (own !== null) script(reading, simple, own, { rest: rest.slice(used), by: name, shell })
  else if (module !== null && !simple.aside) {
    const paths = decideModule(reading, simple, module, RUN)
    reading.started.push({ word: module, paths, alone: rest.length === used, shell: false, simple })
  } else if (tests !== null) {
    reading.suites.push(simple)
    readRunner(reading, simple, name, rest.slice(tests))
  } else if (line !== null) {
    const all = simpleCommandsOf(rest.includes('pipefail') ? `set -o pipefail; ${line}` : line, simple.dir)
    readAll(reading, simple.aside ? all.map((one) => ({ ...one, aside: true })) : all)
  } else if (used === rest.length && !programs.hasInlineCode(program, rest))
    for (const input of simple.inputs) script(reading, { ...simple, inputs: [] }, input, { rest: [], by: '', shell })
  return used
}

/** Why a file is a judge. `by`: the program that gets its name. */
interface Cause {
  readonly how: CommandNamedFile['how']
  readonly why: string
  readonly by?: string
}

const RUN = { how: 'run', why: 'the command runs it' } as const

/**
 * Records a program or script that is started. If the status of the command is lost, the program is what is tested, and it is
 * not recorded.
 */
function script(
  reading: CommandScan,
  simple: SimpleCommand,
  word: string,
  { rest, by, shell }: { readonly rest: readonly string[]; readonly by: string; readonly shell: boolean },
): void {
  if (simple.aside) return
  const paths = decide(reading, simple, word, { ...RUN, by })
  reading.started.push({ word, paths, alone: rest.length + simple.inputs.length === 0, shell, simple })
}

function decideAll(reading: CommandScan, simple: SimpleCommand, words: readonly string[], cause: Cause): void {
  for (const word of words) decide(reading, simple, word, cause)
}

function decide(reading: CommandScan, simple: SimpleCommand, word: string, cause: Cause): readonly string[] {
  return add(reading, found(reading, simple, word, programs.runsScripts(cause.by ?? '')), cause)
}

function decideModule(reading: CommandScan, { dir }: SimpleCommand, name: string, cause: Cause): readonly string[] {
  return add(reading, reading.tracked.module(name, { cwd: reading.cwd, dir }), cause)
}

function add({ decides }: CommandScan, paths: readonly string[], { how, why }: Cause): readonly string[] {
  for (const path of paths) if (!decides.has(path)) decides.set(path, { path, how, why })
  return paths
}

function mention(reading: CommandScan, simple: SimpleCommand, word: string): void {
  for (const path of found(reading, simple, word)) if (!reading.mentions.has(path)) reading.mentions.set(path, simple)
}

function found(
  { tracked, cwd, variables }: CommandScan,
  { dir }: SimpleCommand,
  word: string,
  guess = false,
): readonly string[] {
  const [all = '', name = ''] = /\$(?:\{(?=\w+\}))?(\w+)\}?/.exec(word) ?? []
  const words = (variables.get(name) ?? [all]).map((value) => (all === '' ? word : word.replace(all, () => value)))
  return words.flatMap((one) => tracked.find(one, { cwd, dir, guess }))
}
