/** Spaces that are wider or narrower than a plain one, or do not break. */
const SPACES = /[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g

/** Typographic characters that models write instead of plain ones, and the reverse. */
const PUNCTUATION: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212\u00ad]/g, '-'],
  [SPACES, ' '],
  [/\u200b|\u200c|\u200d|\u2060|\ufeff/g, ''],
  [/\u2026/g, '...'],
]

export function plainPunctuation(line: string): string {
  if (!/[^\u0000-\u007f]/.test(line)) return line
  return PUNCTUATION.reduce((text, [from, to]) => text.replace(from, to), line)
}

/** The text with plain spaces in its indents; other spaces there come from a web page, never from a program. */
export function plainIndents(text: string): string {
  if (text.search(SPACES) < 0) return text
  return text.replace(/^[-+]?[^\S\n]+/gm, (indent) => indent.replace(SPACES, ' '))
}

/** The leading blanks of a line. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

export function isBlank(line: string): boolean {
  return line.trim() === ''
}

/** Lines with equal keys differ only in blanks and typographic punctuation. */
export function looseKey(line: string): string {
  return plainPunctuation(line).replace(/\s+/g, ' ').trim()
}

/** The number of letters, digits and underscores: the characters that make a match reliable. */
export function wordCharacterCount(line: string): number {
  return line.replace(/[^\p{L}\p{N}_]/gu, '').length
}

const HASH = /^#(?!!)/
const SLASHES = /^(\/\/|\/\*|\*\/|\*(\s|$))/
const BY_EXTENSION: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\.(c|cc|cpp|cxx|h|hh|hpp|m|mm|cs|java|js|jsx|mjs|cjs|ts|tsx|mts|cts|go|rs|swift|kt|scala|dart|css|scss|less|proto|zig)$/i,
    SLASHES,
  ],
  [/\.php$/i, /^(#(?!\[)|\/\/|\/\*|\*\/|\*(\s|$))/],
  [/\.(sql|lua|hs|elm|ads|adb|vhd|vhdl)$/i, /^--/],
  [/\.(lisp|clj|cljs|el|scm|asm|s|ini)$/i, /^[;#]/],
  [/\.(tex|erl|hrl|m4)$/i, /^%/],
  [/\.(html?|xml|svg|vue|xhtml)$/i, /^<!--.*-->$/],
  [/\.(md|markdown|rst|txt|json)$/i, /^(?!)/],
]

/** True for a line that is only a comment in a file of this name; for unknown names '#' begins a comment. */
export function isComment(line: string, path: string): boolean {
  const marks = BY_EXTENSION.find(([names]) => names.test(path))?.[1] ?? HASH
  return marks.test(line.trim())
}
