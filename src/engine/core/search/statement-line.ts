import { endsOperand, operandStart, sameLine, type TokenizedFile, tokenText } from './tokenized-file.ts'

/** A physical line: its first and last token and its offsets; `indent` is its leading blanks. */
export interface StatementLine {
  readonly start: number
  readonly end: number
  readonly indent: string
  readonly last: number
}

/** The line, if a statement begins with this token and fills the whole line; else null. */
export function lineOf(source: TokenizedFile, at: number): StatementLine | null {
  const token = source.tokens[at]
  if (token === undefined || sameLine(source, at) || source.depths[at] !== 0) return null
  let last = at
  while (sameLine(source, last + 1)) last++
  for (let inside = at; inside <= last; inside++) {
    const pair = source.pairs[inside] ?? -1
    if (pair >= 0 && (pair < at || pair > last) && tokenText(source, last) !== '{') return null
  }
  const start = source.text.lastIndexOf('\n', token.start - 1) + 1
  return { start, end: source.tokens[last]?.end ?? token.end, indent: source.text.slice(start, token.start), last }
}

/** Where the line begins whose first token this is, if a statement begins there; it may go on in further lines. */
export function statementBegin(source: TokenizedFile, at: number): { start: number; indent: string } | null {
  const token = source.tokens[at]
  if (token === undefined || sameLine(source, at) || source.depths[at] !== 0) return null
  const start = source.text.lastIndexOf('\n', token.start - 1) + 1
  return { start, indent: source.text.slice(start, token.start) }
}

const OPENERS = new Set([':', '{', 'then', 'do'])

/** True when a block begins at the end of the line whose last token this is. */
export function opensBlock(source: TokenizedFile, last: number): boolean {
  return OPENERS.has(tokenText(source, last))
}

/** The last token of the statement that contains `at`. */
export function statementEnd(source: TokenizedFile, at: number): number {
  let end = at
  while (sameLine(source, end + 1) && tokenText(source, end + 1) !== ';') {
    end = Math.max(end + 1, source.pairs[end + 1] ?? -1)
  }
  return end
}

const ASSIGNS = /^(?:=|:=|[-+*/%&|^@]=|\/\/=|\*\*=|<<=|>>=|\?\?=|&&=|\|\|=)$/

export function isAssignment(text: string): boolean {
  return ASSIGNS.test(text)
}

/**
 * True for a token that gets a value here: the left side of an assignment, the variable of a loop or lambda, the name of an
 * argument.
 */
export function isAssignmentTarget(source: TokenizedFile, at: number): boolean {
  return isAssigned(source, at) || isLoopVariable(source, at)
}

function isAssigned(source: TokenizedFile, at: number): boolean {
  for (let next = at + 1; sameLine(source, next); next++) {
    const text = tokenText(source, next)
    if (isAssignment(text)) return true
    const pair = source.pairs[next] ?? -1
    if (pair > next) next = pair
    else if (pair >= 0 || text === ';' || text === ':' || text === '{') return false
  }
  return false
}

const INTRODUCERS = new Set(['for', 'lambda', 'def', 'as', 'class', 'del', 'global', 'except', 'catch'])

function isLoopVariable(source: TokenizedFile, at: number): boolean {
  for (let back = at - 1; back >= 0 && at - back < 16 && sameLine(source, back + 1); back--) {
    const text = tokenText(source, back)
    if (INTRODUCERS.has(text)) return true
    const plain = text === ',' || text === '(' || text === '*' || endsOperand(source, back)
    if (!plain || text === ']') return false
  }
  return false
}

/** True if the assignment at `at` has a single target that begins its line: no declaration, no tuple, no chain. */
export function isPlainAssignment(source: TokenizedFile, at: number): boolean {
  const first = operandStart(source, at - 1)
  return first !== null && source.depths[at] === 0 && !(first > 0 && sameLine(source, first)) && !isAssigned(source, at)
}
