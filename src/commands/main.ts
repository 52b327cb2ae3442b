import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearest } from '../engine/core/nearest/index.ts'
import { GATE_JOB, SIGN_ONCE, wantsColour } from '../engine/index.ts'
import { useCodeCache } from './code-cache.ts'
import { asksForJson, parseCommandLine } from './command-line.ts'
import { type CommandError, envelope, helpEnvelope, usageError } from './envelope.ts'
import { isTerminal, outputStream, writeNow } from './output.ts'
import { preparedHelp, preparedVerb } from './prepared.ts'
import { printCommandError } from './print-error.ts'
import type { Entry } from './verb.ts'
import { overviewHelp, USAGE, VERBS } from './verbs.ts'

/**
 * Handles everything after the name of the program. Sets `process.exitCode`; loads oclif and the engine only for a known
 * verb.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const asJson = asksForJson(argv)
  const start = leading(argv)
  if ('fault' in start) return printCommandError(start.fault, asJson)
  const [verb, ...rest] = start.rest
  if (start.asked === 'version') return answer(`git-pp ${version()}`, { version: version() }, asJson)
  if (start.asked === 'help' || verb === 'help') return help(verb === 'help' ? rest : start.rest, asJson)
  if (verb === undefined) {
    if (!asJson) writeNow(2, `${overviewHelp()}\n`)
    else return printCommandError(usageError('no command was given', USAGE), true)
    process.exitCode = 2
    return
  }
  if (verb === SIGN_ONCE) return (await import('./sign-once.ts')).signOnceForSession(version())
  if (verb === GATE_JOB) {
    useCodeCache(verb, rest, process.env)
    return (await import('./gate-job.ts')).gateJob(version(), rest[0])
  }
  const entry = VERBS.get(verb)
  if (entry === undefined) return printCommandError(unknownVerb(verb), asJson)
  await call(verb, entry, [...start.json, ...rest])
}

async function call(verb: string, entry: Entry, argv: readonly string[]): Promise<void> {
  if (answeredFromPrepared(verb, argv)) return
  useCodeCache(verb, argv, process.env)
  const [{ runVerb: start }, { default: Class }] = await Promise.all([import('./verb.ts'), entry.load()])
  await start(Class, verb, argv, version())
}

/** Help and wrong words need no more than what the build prepared. False: the verb itself has to answer. */
function answeredFromPrepared(verb: string, argv: readonly string[]): boolean {
  const prepared = preparedVerb(verb)
  if (prepared === null) return false
  const typed = parseCommandLine(argv, prepared.grammar)
  // Under this option another status stands for wrong words, and only the verb knows which.
  if (!typed.ok && argv.includes('--bisect')) return false
  const asJson = asksForJson(argv)
  if (!typed.ok) {
    printCommandError(usageError(typed.message, typed.mend), asJson)
    return true
  }
  if (!typed.options.includes('--help')) return false
  const onTerminal = isTerminal(1)
  const styled = !asJson && wantsColour(onTerminal, process.env)
  const help = preparedHelp(prepared, onTerminal ? outputStream(1).columns : undefined, styled)
  if (help !== null) writeNow(1, `${asJson ? helpEnvelope(verb, help) : help}\n`)
  return help !== null
}

/** The version in package.json. */
function version(): string {
  const json: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  return typeof json === 'object' && json !== null && 'version' in json ? String(json.version) : 'unknown'
}

type StartArguments =
  | { readonly asked: 'version' | 'help' | null; readonly json: readonly string[]; readonly rest: readonly string[] }
  | { readonly fault: CommandError }

/** The options before the verb, as in git. `-C` takes effect at once, and each is relative to the one before. */
function leading(argv: readonly string[]): StartArguments {
  const json: string[] = []
  for (let at = 0; ; at++) {
    const word = argv[at]
    const rest = argv.slice(at + 1)
    if (word === '--version') return { asked: 'version', json, rest }
    if (word === '-h' || word === '--help') return { asked: 'help', json, rest }
    if (word === '--json') json.push(word)
    else if (word === '-C') {
      const fault = changeTo(argv[++at])
      if (fault !== null) return { fault }
    } else if (word?.startsWith('-')) return { fault: usageError(`unknown option before the verb: ${word}`, USAGE) }
    else return { asked: null, json, rest: argv.slice(at) }
  }
}

function changeTo(dir: string | undefined): CommandError | null {
  if (dir === undefined) return usageError('-C needs a directory: git pp -C DIR …')
  if (dir === '') return null
  try {
    process.chdir(dir)
    return null
  } catch (error) {
    return usageError(
      `cannot change to the directory ${dir}: ${error instanceof Error && 'code' in error ? error.code : error}`,
    )
  }
}

async function help(words: readonly string[], asJson: boolean): Promise<void> {
  const verb = words.find((word) => !word.startsWith('-'))
  if (verb === undefined) return answer(overviewHelp(), { help: overviewHelp() }, asJson)
  const entry = VERBS.get(verb)
  if (entry === undefined) return printCommandError(unknownVerb(verb), asJson)
  await call(verb, entry, [...(asJson ? ['--json'] : []), '--help'])
}

function answer(text: string, own: object, asJson: boolean): void {
  const reason = text.split('\n', 1)[0] ?? ''
  writeNow(1, `${asJson ? envelope({ verdict: 'OK', reason, ...own }) : text}\n`)
}

function unknownVerb(verb: string): CommandError {
  const shown = [...VERBS].flatMap(([name, { hidden }]) => (hidden ? [] : [name]))
  const near = nearest(verb, [...shown, 'help'])
  const known = shown.join(', ')
  return usageError(
    `no such command: ${verb}; known: ${known}`,
    near === null ? 'git pp help' : `did you mean git pp ${near}?`,
  )
}
