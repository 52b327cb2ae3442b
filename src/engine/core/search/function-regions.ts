import { isName, sameLine, type TokenizedFile, tokenText } from './tokenized-file.ts'

/** A function of a file by the indexes of its tokens, all inclusive. */
export interface FunctionRegion {
  readonly name: string
  /** The start of its head: its name, its parameters, their types. */
  readonly first: number
  readonly headLast: number
  readonly last: number
}

/** All functions, including nested ones; outer ones come first. */
export function functionsOf(source: TokenizedFile): readonly FunctionRegion[] {
  const found = source.family === 'python' || source.family === 'ruby' ? indented(source) : braced(source)
  return found.sort((x, y) => x.first - y.first)
}

const INTRODUCE = new Set(['def', 'function', 'func', 'fn', 'fun', 'sub'])
const CONTROL = new Set(['if', 'for', 'foreach', 'while', 'switch', 'catch', 'else', 'do', 'match', 'select', 'with'])

/**
 * Functions from `def name` up to the next line with the same or less indent; a line with only `end` still belongs to the
 * function.
 */
function indented(source: TokenizedFile): FunctionRegion[] {
  const { tokens } = source
  const column = (at: number): number => {
    const start = tokens[at]?.start ?? 0
    return start - (source.text.lastIndexOf('\n', start - 1) + 1)
  }
  const found: FunctionRegion[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.text !== 'def' || token.kind !== 'word') continue
    const depth = column(lineStart(source, at))
    let headLast = at + 1
    while (headLast < tokens.length && tokenText(source, headLast) !== ':' && sameLine(source, headLast)) {
      headLast = Math.max(headLast, source.pairs[headLast] ?? -1) + 1
    }
    let next = headLast + 1
    while (next < tokens.length && (sameLine(source, next) || column(next) > depth)) next++
    const last = tokenText(source, next) === 'end' ? next : next - 1
    found.push({ name: tokenText(source, at + 1), first: at, headLast, last })
  }
  return found
}

function lineStart(source: TokenizedFile, at: number): number {
  let first = at
  while (sameLine(source, first) && first > 0) first--
  return first
}

/** Functions in braces: a brace whose head has a parameter list and no control word. */
function braced(source: TokenizedFile): FunctionRegion[] {
  const found: FunctionRegion[] = []
  for (const [at, token] of source.tokens.entries()) {
    const close = source.pairs[at] ?? -1
    if (token.text !== '{' || close < at) continue
    const head = headOf(source, at)
    if (head !== null) found.push({ name: head.name, first: head.start, headLast: at, last: close })
  }
  return found
}

function headOf(source: TokenizedFile, brace: number): { start: number; name: string } | null {
  let start = brace
  let name = ''
  let listed = false
  for (let at = brace - 1; at >= 0 && brace - at < 80; at--) {
    const text = tokenText(source, at)
    if (text === ';' || text === '{' || text === '}') break
    if (text === ')' && (source.pairs[at] ?? -1) >= 0) {
      at = source.pairs[at] ?? at
      listed = true
      if (isName(source, at - 1)) name = tokenText(source, at - 1)
    }
    if (CONTROL.has(text) || CONTROL.has(tokenText(source, at - 1))) return null
    start = at
    if (INTRODUCE.has(text)) return { start, name: name || tokenText(source, at + 1) }
  }
  return listed && start < brace ? { start, name } : null
}
