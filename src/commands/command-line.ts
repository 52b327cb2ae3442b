/**
 * Reads the typed words before oclif sees them, so that there is only one way to read them and nothing is guessed: the
 * command that runs is the one quoted word, or the list after `--`; otherwise nothing runs. Pure.
 */
import { nearest } from '../engine/core/nearest/index.ts'

/** How an option is typed. */
export interface OptionShape {
  readonly long: string
  readonly short?: string | undefined
  readonly takesValue: boolean
  /** The allowed values; absent: any. */
  readonly values?: readonly string[] | undefined
}

/** What a verb accepts. */
export interface CommandGrammar {
  readonly verb: string
  readonly options: readonly OptionShape[]
  /** How many words may be typed, without the words after `--` of a command. */
  readonly words: number
  /** True: the last word is a COMMAND, and `-- ARGV` may be typed instead. */
  readonly command: boolean
}

/** `options` as `--long` or `--long=value`, nothing else; `argv` is null where no `--` was typed. */
export interface ParsedCommandLine {
  readonly ok: true
  readonly options: readonly string[]
  readonly words: readonly string[]
  readonly argv: readonly string[] | null
}

export interface UsageError {
  readonly ok: false
  readonly message: string
  readonly mend?: string
}

export function parseCommandLine(typed: readonly string[], grammar: CommandGrammar): ParsedCommandLine | UsageError {
  const options: string[] = []
  const words: string[] = []
  let at = 0
  for (; at < typed.length && typed[at] !== '--'; at++) {
    const word = typed[at] ?? ''
    if (!isOption(word)) {
      if (word.trim() === '') return blank(grammar, words.length)
      if (words.length === grammar.words) return loose(typed, at, words, grammar)
      words.push(word)
      continue
    }
    const option = match(word, grammar.options)
    const inCommand = grammar.command && words.length > 0 && !isBeforeArgv(typed, at, words, grammar)
    if (inCommand && (option === null || !word.startsWith('--'))) return loose(typed, at, words, grammar)
    if (option === null) return unknown(word, grammar)
    const read = value(word, option, typed[at + 1])
    if (!read.ok) return read
    options.push(...read.tokens)
    at += read.consumed
  }
  if (at === typed.length) return { ok: true, options, words, argv: null }
  const rest = typed.slice(at + 1)
  return grammar.command ? withArgv(options, words, rest, grammar) : withWords(options, words, rest, grammar)
}

/** If `--` and a command follow, the words before it are not the command, as the CHANGE in `prove HEAD -q -- ARGV`. */
function isBeforeArgv(
  typed: readonly string[],
  at: number,
  words: readonly string[],
  grammar: CommandGrammar,
): boolean {
  const known = match(typed[at] ?? '', grammar.options) !== null
  return known && words.length < grammar.words && typed.includes('--', at)
}

/** Whether `--json` was typed as an option of git pp; also works for words that no grammar accepts. */
export function asksForJson(typed: readonly string[]): boolean {
  const end = typed.indexOf('--')
  return typed.slice(0, end === -1 ? typed.length : end).includes('--json')
}

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-'
}

/** The option that a word names: `--long`, `--long=…`, `-s`. */
function match(word: string, options: readonly OptionShape[]): OptionShape | null {
  const name = word.split('=', 1)[0]
  const long = (option: OptionShape) => `--${option.long}` === name
  const short = (option: OptionShape) => option.short !== undefined && `-${option.short}` === word
  const counts = (option: OptionShape) => COUNT.test(word) && option.short === 'n' && option.takesValue
  return options.find((option) => long(option) || short(option) || counts(option)) ?? null
}

/** `-20` means `-n 20`, as for `git log`. */
const COUNT = /^-\d+$/

type OptionReading = { readonly ok: true; readonly tokens: readonly string[]; readonly consumed: 0 | 1 } | UsageError

function value(word: string, option: OptionShape, next: string | undefined): OptionReading {
  const inline = word.startsWith('--') && word.includes('=') ? word.slice(word.indexOf('=') + 1) : null
  const name = `--${option.long}`
  if (COUNT.test(word)) return { ok: true, tokens: [`${name}=${word.slice(1)}`], consumed: 0 }
  if (!option.takesValue) {
    if (inline !== null) return { ok: false, message: `${name} takes no value` }
    return { ok: true, tokens: [name], consumed: 0 }
  }
  const given = inline ?? next
  if (given === undefined || given.trim() === '') return { ok: false, message: `${name} needs a value` }
  if (inline === null && isOption(given)) {
    return {
      ok: false,
      message: `${name} needs a value, but ${given} looks like an option; write ${name}=VALUE if the value starts with -`,
    }
  }
  if (option.values?.includes(given) === false)
    return { ok: false, message: `${name} ${given}: this must be one of ${option.values.join(', ')}` }
  return { ok: true, tokens: [`${name}=${given}`], consumed: inline === null ? 1 : 0 }
}

function withArgv(
  options: readonly string[],
  words: readonly string[],
  argv: readonly string[],
  grammar: CommandGrammar,
): ParsedCommandLine | UsageError {
  if (words.length === grammar.words) {
    return {
      ok: false,
      message: `there are two commands: ${show(words.at(-1))} and the words after --; leave one of them out`,
    }
  }
  if ((argv[0] ?? '').trim() === '') return { ok: false, message: 'there is no command after --' }
  return { ok: true, options, words, argv }
}

/** Where no command is expected, `--` only ends the options. */
function withWords(
  options: readonly string[],
  words: readonly string[],
  rest: readonly string[],
  grammar: CommandGrammar,
): ParsedCommandLine | UsageError {
  const all = [...words, ...rest]
  const empty = all.findIndex((word) => word.trim() === '')
  if (empty !== -1) return blank(grammar, empty)
  if (all.length > grammar.words) return tooMany(all[grammar.words], grammar)
  return { ok: true, options, words: all, argv: null }
}

function blank(grammar: CommandGrammar, at: number): UsageError {
  const what = grammar.command && at === grammar.words - 1 ? 'COMMAND' : `word ${at + 1}`
  return { ok: false, message: `${what} of ${grammar.verb} is empty` }
}

function unknown(word: string, grammar: CommandGrammar): UsageError {
  const near = meant(word, grammar)
  const message = `git pp ${grammar.verb} has no option ${word}`
  const mend = near === null ? `git pp help ${grammar.verb}` : `did you mean ${near}?`
  return { ok: false, message, mend }
}

/** The long option that a mistyped one is closest to. */
function meant(word: string, { options }: CommandGrammar): string | null {
  return nearest(
    word.split('=', 1)[0] ?? word,
    options.map((option) => `--${option.long}`),
  )
}

function tooMany(word: string | undefined, grammar: CommandGrammar): UsageError {
  const most = ['no words', 'at most one word', 'at most two words'][grammar.words]
  return {
    ok: false,
    message: `unexpected ${show(word)}; git pp ${grammar.verb} takes ${most}`,
    mend: `git pp help ${grammar.verb}`,
  }
}

/** The error for words after COMMAND that may belong to it: it suggests how to quote, and never guesses. */
function loose(typed: readonly string[], at: number, words: readonly string[], grammar: CommandGrammar): UsageError {
  if (!grammar.command) return tooMany(typed[at], grammar)
  const change = words.length === grammar.words ? words.slice(0, grammar.words - 1) : []
  const command = words.slice(change.length)
  const [first = '', ...more] = [...command, ...foreign(typed.slice(at), grammar.options)]
  const start = ['git pp', grammar.verb, ...change.map(quote)].join(' ')
  // A first word with blanks was quoted by the user: it is already a line, and not the name of a program.
  const isLine = /\s/.test(first)
  const all = [isLine ? first : quote(first), ...more.map(quote)].join(' ')
  const argv = isLine ? '' : `   or: ${start} -- ${all}`
  const quoting = `quote it: ${start} ${quoteLine(all)}${argv}`
  const word = typed[at] ?? ''
  const near = word.startsWith('--') ? meant(word, grammar) : null
  const ours = isOption(word) && match(word, grammar.options) !== null
  const before = ours ? `; if you mean ${word} of git pp, write it before the command` : ''
  return {
    ok: false,
    message: `unexpected ${show(word)} after the command ${show(command[0])}: the whole command must be one word${before}`,
    mend: near === null ? quoting : [`did you mean ${near}?`, ...(isLine ? [] : [quoting])].join('\n'),
  }
}

/** The words without our own long options and their values; from `--` on all words belong to the command. */
function foreign(typed: readonly string[], options: readonly OptionShape[]): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at < typed.length; at++) {
    const word = typed[at] ?? ''
    if (word === '--') return [...kept, ...typed.slice(at)]
    const option = word.startsWith('--') ? match(word, options) : null
    if (option === null) kept.push(word)
    else if (option.takesValue && !word.includes('=')) at++
  }
  return kept
}

function show(word: string | undefined): string {
  return JSON.stringify(word ?? '')
}

/** One word in the form that sh reads back unchanged. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** A whole line as one word of an interactive shell. */
function quoteLine(line: string): string {
  return /["$`\\!]/.test(line) ? quote(line) : `"${line}"`
}
