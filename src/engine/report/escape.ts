/** Makes strings of others safe to print: nothing in them can move a cursor, colour, reorder or hide text. */

/** Controls, format characters (bidi, zero width, tags), line separators, lone surrogates, and blanks that show nothing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/gu

/** For one line: every newline and tab is escaped, too. */
export function escapeLine(text: string): string {
  return text.replace(HIDDEN, visible)
}

/** For text of several lines: newlines and tabs stay. */
export function escapeText(text: string): string {
  return text.replace(HIDDEN, (char) => (char === '\n' || char === '\t' ? char : visible(char)))
}

function visible(char: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
