import type { TerminalStyles } from './terminal-styles.ts'

/** Makes foreign strings safe to print: they cannot move the cursor, colour, reorder or hide text. */

/** Control characters, format characters (bidi, zero width, tags), line separators, lone surrogates, and invisible blanks. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/gu

/** In characters: how much of one string is shown on a line; `--json` has all of it. */
const LONGEST = 4_096

/** For one line: newlines and tabs are escaped as well, and text that is too long to read is cut. */
export function escapeLine(text: string): string {
  const more = text.length - LONGEST
  const shown = text.slice(0, LONGEST).replace(HIDDEN, visible)
  return more > 0 ? `${shown} [... ${more} more characters]` : shown
}

/** The first line of a message; `--json` has all of it. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? ''
}

/** For text of several lines: newlines and tabs stay. */
export function escapeText(text: string): string {
  return text.replace(HIDDEN, (char) => (char === '\n' || char === '\t' ? char : visible(char)))
}

/**
 * The last step before a line is printed, in case something was not escaped: only the marks of its own styles have an effect,
 * and it stays one line.
 */
export function printable(paint: TerminalStyles): (line: string) => string {
  const marks = Object.values(paint).flatMap((mark) => mark('\0').split('\0'))
  const own = marks.filter((mark) => mark !== '').map((mark) => mark.replace('[', '\\['))
  const between = own.length === 0 ? null : new RegExp(`(${own.join('|')})`)
  const plain = (text: string) => escapeText(text).replaceAll('\n', '\\n')
  return (line) =>
    between === null
      ? plain(line)
      : line
          .split(between)
          .map((part, at) => (at % 2 === 1 ? part : plain(part)))
          .join('')
}

function visible(char: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
