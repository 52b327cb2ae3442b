import type { LanguageDialect } from './dialect.ts'
import { type LanguageFamily, type SourceToken, tokenize } from './tokens.ts'

/** A file cut into tokens, with the little structure that all languages share. */
export interface TokenizedFile {
  readonly text: string
  readonly family: LanguageFamily
  readonly dialect: LanguageDialect
  readonly tokens: readonly SourceToken[]
  /** The index of the matching bracket, -1 if there is none. */
  readonly pairs: readonly number[]
  /** How many brackets are open before each token; braces count where they hold no blocks. */
  readonly depths: readonly number[]
}

const OPENING: ReadonlyMap<string, string> = new Map(Object.entries({ '(': ')', '[': ']', '{': '}' }))

export function tokenizeFile(text: string, dialect: LanguageDialect): TokenizedFile {
  const { family } = dialect
  const tokens = tokenize(text, family)
  const pairs: number[] = new Array(tokens.length).fill(-1)
  const depths: number[] = []
  const open: number[] = []
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    depths.push(depth)
    if (token.kind !== 'op') continue
    const last = open.at(-1)
    if (OPENING.has(token.text)) {
      open.push(at)
      if (holds(token.text, family)) depth++
    } else if (last !== undefined && OPENING.get(tokens[last]?.text ?? '') === token.text) {
      open.pop()
      pairs[last] = at
      pairs[at] = last
      if (holds(tokens[last]?.text ?? '', family)) depth--
    }
  }
  return { text, family, dialect, tokens, pairs, depths }
}

/** True for a bracket that holds expressions, so that no statement begins inside. */
function holds(opening: string, family: LanguageFamily): boolean {
  return opening !== '{' || family === 'python'
}

/** The text of the token at an index; '' for an index out of range. */
export function tokenText(source: TokenizedFile, at: number): string {
  return source.tokens[at]?.text ?? ''
}

/** The text from the first through the last of two tokens. */
export function textBetween(source: TokenizedFile, first: number, last: number): string {
  return source.text.slice(source.tokens[first]?.start ?? 0, source.tokens[last]?.end ?? 0)
}

/** True if the token and the one before it are on the same line. */
export function sameLine(source: TokenizedFile, at: number): boolean {
  return source.tokens[at]?.line === source.tokens[at - 1]?.line
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))
const KEYWORDS: Readonly<Record<LanguageFamily, ReadonlySet<string>>> = {
  python:
    words(`and as assert async await break class continue def del elif else except finally for from global if import
    in is lambda nonlocal not or pass raise return try while with yield`),
  c: words(`as async await break case catch class const continue default defer delete do else enum export extends extern
    final finally fn for foreach func function go goto if impl implements import in instanceof interface let loop match
    mod mut namespace new of package private protected pub public range return static struct switch throw throws trait
    try type typeof union unsafe use using val var void volatile where while yield`),
  ruby: words(`and begin break case class def do else elsif end ensure for if in module next not or redo rescue retry
    return super then unless until when while yield`),
  shell: words('case do done elif else esac fi for function if in local return select then until while'),
}

export function isKeyword(source: TokenizedFile, at: number): boolean {
  return KEYWORDS[source.family].has(tokenText(source, at))
}

const FIXED = new Set('True False None true false null nil undefined nullptr this self cls super'.split(' '))

export function isFixedWord(text: string): boolean {
  return FIXED.has(text)
}

/**
 * True if the token is a name of a variable, a function or an attribute, and not a keyword, a constant or an option of a
 * shell.
 */
export function isName(source: TokenizedFile, at: number): boolean {
  const token = source.tokens[at]
  return token?.kind === 'word' && !isKeyword(source, at) && !FIXED.has(token.text) && !token.text.startsWith('-')
}

const MEMBER = new Set(['.', '?.', '->', '::'])

export function isMember(source: TokenizedFile, at: number): boolean {
  return MEMBER.has(tokenText(source, at - 1))
}

export function isCalled(source: TokenizedFile, at: number): boolean {
  return tokenText(source, at + 1) === '('
}

/** True when an operand can end here: a name, a literal or a closing bracket. */
export function endsOperand(source: TokenizedFile, at: number): boolean {
  const token = source.tokens[at]
  if (token === undefined) return false
  if (token.kind === 'op') return token.text === ')' || token.text === ']' || token.text === '}'
  return token.kind !== 'word' || !isKeyword(source, at)
}

/**
 * The last token of the operand that begins at `at`: a name, literal or bracket, with everything that is called, indexed or
 * read from it.
 */
export function operandEnd(source: TokenizedFile, at: number): number | null {
  let end = at
  while (['-', '!', '~', '&', '*', 'not', '+'].includes(tokenText(source, end))) end++
  const token = source.tokens[end]
  if (token === undefined) return null
  if (token.kind === 'op') {
    const close = source.pairs[end] ?? -1
    if (close <= end) return null
    end = close
  } else if (isKeyword(source, end)) return null
  for (;;) {
    const next = tokenText(source, end + 1)
    if (MEMBER.has(next) && source.tokens[end + 2]?.kind === 'word') end += 2
    else if ((next === '(' || next === '[') && sameLine(source, end + 1) && (source.pairs[end + 1] ?? -1) > 0) {
      end = source.pairs[end + 1] ?? end
    } else return end
  }
}

/** The first token of the operand that ends at `at`. */
export function operandStart(source: TokenizedFile, at: number): number | null {
  let start = at
  for (;;) {
    const token = source.tokens[start]
    if (token === undefined) return null
    if (token.kind === 'op') {
      const open = source.pairs[start] ?? -1
      if (open < 0 || open >= start) return null
      const before = open - 1
      if (endsOperand(source, before) && sameLine(source, open) && token.text !== '}') {
        start = before
        continue
      }
      start = open
    } else if (isKeyword(source, start)) return null
    if (!MEMBER.has(tokenText(source, start - 1))) return start
    start -= 2
  }
}

/** The comma-separated parts of a bracket, each as its first and last token; empty parts are left out. */
export function bracketParts(source: TokenizedFile, open: number): readonly (readonly [first: number, last: number])[] {
  const close = source.pairs[open] ?? -1
  const found: [number, number][] = []
  let first = open + 1
  for (let at = first; at <= close; at++) {
    if (at === close || tokenText(source, at) === ',') {
      if (at > first) found.push([first, at - 1])
      first = at + 1
    } else if ((source.pairs[at] ?? -1) > at) at = source.pairs[at] ?? at
  }
  return found
}
