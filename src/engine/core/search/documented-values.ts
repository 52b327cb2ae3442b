import type { TokenizedFile } from './tokenized-file.ts'

/** What the comments and the documentation of a file hold. */
export interface DocumentedValues {
  /** Words of four letters or more. */
  readonly words: readonly string[]
  /** The contents of short quoted strings. */
  readonly strings: readonly string[]
  readonly numbers: readonly string[]
}

/** In characters: so much of the documentation of a file is read. */
const MOST_TEXT = 8000
const MOST_WORDS = 300
const MOST_VALUES = 20

export function documentedValues(source: TokenizedFile): DocumentedValues {
  let text = ''
  let from = 0
  for (const token of source.tokens) {
    text += `${source.text.slice(from, token.start)} `
    if (/^\w{0,2}(?:"""|''')/.test(token.text)) text += `${token.text} `
    from = token.end
    if (text.length > MOST_TEXT) break
  }
  text = `${text}${source.text.slice(from)}`.slice(0, MOST_TEXT)
  const unique = (found: Iterable<string>, most: number) => [...new Set(found)].slice(0, most)
  return {
    words: unique(text.match(/[A-Za-z]{4,}/g) ?? [], MOST_WORDS),
    strings: unique(
      [...text.matchAll(/(["'])([^"'\n]{0,20})\1/g)].map(([, , inner = '']) => inner),
      MOST_VALUES,
    ),
    numbers: unique(text.match(/(?<![\w.])\d{1,6}(?:\.\d{1,4})?(?![\w.]*\d)/g) ?? [], MOST_VALUES),
  }
}
