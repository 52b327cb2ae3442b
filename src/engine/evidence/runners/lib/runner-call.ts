import { type Command, shellWord } from '../../../model/command.ts'

/** A command that is one call of one program. */
export interface RunnerCall {
  /** The words as the program gets them; variables that a shell would expand stay as written. */
  readonly words: readonly string[]
  /**
   * The same call with more words before the word at `at` (default: at the end, but before a `--`); everything else stays as
   * written.
   */
  add(more: readonly string[], at?: number): Command
  /** The same call with other words: null takes a word away, undefined leaves it as written. */
  edit(change: (word: string, at: number) => string | null | undefined): Command
}

/** Blanks, then one word: plain characters, variables, escaped characters, and parts in quotes. */
const WORD =
  /[ \t]*((?:[^\s'"\\;&|<>()`#!$]|(?<=\S)[#!]|\$\w|\$\{\w+\}|\\[^\n]|'[^']*'|"(?:[^"\\`$]|\\.|\$\w|\$\{\w+\})*")+)/sy

/** Null for a shell command that is more than one plain call: pipes, lists, redirections, substitutions, comments. */
export function callOf(command: Command): RunnerCall | null {
  if ('argv' in command) {
    const words = command.argv
    return {
      words,
      add: (more, at = endOf(words)) => ({ argv: words.toSpliced(at, 0, ...more) }),
      edit: (change) => ({ argv: words.flatMap((word, at) => changed(change(word, at), word)) }),
    }
  }
  const text = command.shell.trim()
  const words: string[] = []
  const ends: number[] = []
  const word = new RegExp(WORD)
  while (word.lastIndex < text.length) {
    const found = word.exec(text)?.[1]
    if (found === undefined) return null
    words.push(unquoted(found))
    ends.push(word.lastIndex)
  }
  return {
    words,
    add(more, at = endOf(words)) {
      const cut = ends[at - 1] ?? 0
      return { shell: `${text.slice(0, cut)} ${more.map(shellWord).join(' ')}${text.slice(cut)}` }
    },
    edit(change) {
      const parts = words.flatMap((word, at) => {
        const [other, written] = [change(word, at), text.slice(ends[at - 1] ?? 0, ends[at])]
        return other === undefined ? [written] : changed(other, word).map((one) => ` ${shellWord(one)}`)
      })
      return { shell: parts.join('').trim() }
    },
  }
}

function changed(other: string | null | undefined, word: string): string[] {
  if (other === null) return []
  return [other ?? word]
}

/** The call without these options and their values; null if it has none of them. */
export function withoutOptions(call: RunnerCall, ...options: readonly string[]): Command | null {
  if (!hasOption(call, ...options)) return null
  return call.edit((word, at) => {
    const isValue = options.includes(call.words[at - 1] ?? '')
    return isValue || options.includes(word.split('=', 1)[0] ?? '') ? null : undefined
  })
}

/**
 * The call with these files as its operands, for a runner that would run all files without any. Null if a file would be read as an
 * option, or if the call may have operands: a word that is no option, unless it is the `command` of a program that has several.
 */
export function withFiles(
  call: RunnerCall,
  program: RegExp,
  files: readonly string[],
  command?: string,
): Command | null {
  const at = programAt(call, program)
  if (at === -1 || files.length === 0 || files.some((file) => file.startsWith('-'))) return null
  const rest = call.words.slice(at + 1)
  const options = command !== undefined && rest[0] === command ? rest.slice(1) : rest
  return options.every((word) => word.startsWith('-') && word !== '--') ? call.add(files) : null
}

/** The index at which the options end. */
function endOf(words: readonly string[]): number {
  const end = words.indexOf('--')
  return end === -1 ? words.length : end
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_, single, double, escaped) => single ?? escaped ?? String(double).replace(/\\([$`"\\])/g, '$1'),
  )
}

/** The index of a program among the words of a call, found by the last part of its path; -1 = not there. */
export function programAt({ words }: RunnerCall, name: RegExp): number {
  return words.findIndex((word) => name.test(word.slice(word.lastIndexOf('/') + 1)))
}

/** True when one of the words is one of these options, with or without `=value`. */
export function hasOption({ words }: RunnerCall, ...options: readonly string[]): boolean {
  return words.some((word) => options.includes(word.split('=', 1)[0] ?? ''))
}

/** A text as a regular expression that matches only this text. */
export function literalPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/**
 * The ids without tests that contain other tests of the list, because the inner tests show the same. `separator` is between
 * the names.
 */
export function innermostTests(ids: readonly string[], separator: string): string[] {
  return ids.filter((id) => !ids.some((other) => other.startsWith(id + separator)))
}

/** A pattern for full names that equal one of these ids 'suite > test', for runners that join names by a blank. */
export function anyTitle(ids: readonly string[]): string {
  return `(?:${ids.map((id) => literalPattern(id).replaceAll(/ [>›] /g, ' (?:[>›] )?')).join('|')})$`
}
