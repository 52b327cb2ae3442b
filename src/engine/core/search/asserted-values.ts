import { dialectOf } from './dialect.ts'
import { type TokenizedFile, tokenizeFile, tokenText } from './tokenized-file.ts'

/** What a patch says of itself that holds such a value. */
export const HOLDS_EXPECTED = 'holds the expected value of the test: probably not a repair'

/** Values that stand in nearly every program say nothing about where they came from. */
const EVERYWHERE = new Set(['0', '1', '', ' '])

/** The numbers and strings in the statements of a test file to which these lines (1-based) belong. */
export function assertedValues(path: string, text: string, lines: readonly number[]): ReadonlySet<string> {
  const source = tokenized(path, text)
  const found = new Set<string>()
  for (const line of lines) {
    const [first, last] = statementAround(source, line)
    for (let at = first; at <= last; at++) addValue(source, at, found)
  }
  return found
}

/** The numbers and strings of a text: of code, or of what a test says that it expected. */
export function valuesIn(path: string, text: string): ReadonlySet<string> {
  const source = tokenized(path, text)
  const found = new Set<string>()
  for (const at of source.tokens.keys()) addValue(source, at, found)
  return found
}

/** Those values that no file of the product holds, neither as code nor in a comment. */
export function valuesOfTestsAlone(asserted: ReadonlySet<string>, product: readonly string[]): ReadonlySet<string> {
  const numbers = new Set(product.flatMap((text) => (text.match(/\d[\d_]*(?:\.\d+)?/g) ?? []).map(numberText)))
  return new Set(
    [...asserted].filter((value) => {
      if (EVERYWHERE.has(value)) return false
      return isNumber(value) ? !numbers.has(value) : !product.some((text) => text.includes(value))
    }),
  )
}

/** Whether the text that a candidate puts in has one of these values. */
export function holdsValue({ path, text }: { path: string; text: string }, values: ReadonlySet<string>): boolean {
  if (values.size === 0) return false
  for (const value of valuesIn(path, text)) if (values.has(value)) return true
  return false
}

function tokenized(path: string, text: string): TokenizedFile {
  const dialect = dialectOf(path) ?? dialectOf('x.c')
  if (dialect === null) throw new Error('C is not searched')
  return tokenizeFile(text, dialect)
}

function addValue(source: TokenizedFile, at: number, into: Set<string>): void {
  const token = source.tokens[at]
  if (token?.kind === 'number') into.add(numberText(token.text))
  if (token?.kind === 'string') into.add(/^\w{0,3}('''|"""|['"`])([\s\S]*)\1$/.exec(token.text)?.[2] ?? token.text)
}

function isNumber(value: string): boolean {
  return /^\d/.test(value) && !Number.isNaN(Number(value))
}

/** Two ways to write one number give the same text. */
function numberText(text: string): string {
  const value = Number(text.replace(/_/g, '').replace(/(?<=\d)[nljfLJFu]$/, ''))
  return Number.isNaN(value) ? text : String(value)
}

/** The first and last token of the lines that belong together around a line, through brackets but not out of a block. */
function statementAround(source: TokenizedFile, line: number): readonly [first: number, last: number] {
  const { tokens, pairs } = source
  let first = tokens.findIndex((token) => token.line === line)
  if (first < 0) return [0, -1]
  let last = first
  for (;;) {
    const [begin, end] = [first, last]
    while (tokens[first - 1]?.line === tokens[first]?.line && first > 0) first--
    while (tokens[last + 1] !== undefined && tokens[last + 1]?.line === tokens[last]?.line) last++
    const open = enclosing(source, first)
    if (open !== null) first = open
    for (let at = first; at <= last; at++) {
      const pair = pairs[at] ?? -1
      if (pair > last && !holdsBlock(source, at, pair)) last = pair
    }
    if (first === begin && last === end) return [first, last]
  }
}

/** The innermost bracket that is open before a token, unless it holds a block. */
function enclosing(source: TokenizedFile, before: number): number | null {
  for (let at = before - 1; at >= 0; at--) {
    const pair = source.pairs[at] ?? -1
    if (pair >= before) return holdsBlock(source, at, pair) ? null : at
    if (pair >= 0 && pair < at) at = pair
  }
  return null
}

/** Whether a block begins with this bracket or somewhere in it: the body of a function or of a loop. */
function holdsBlock(source: TokenizedFile, open: number, close: number): boolean {
  if (source.family === 'python') return false
  for (let at = open; at < close; at++)
    if (tokenText(source, at) === '{' && [')', '=>'].includes(tokenText(source, at - 1))) return true
  return false
}
