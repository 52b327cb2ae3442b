import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { lineOf, opensBlock, type StatementLine } from '../statement-line.ts'
import { isName, operandEnd, sameLine, type TokenizedFile, tokenText } from '../tokenized-file.ts'

/** Removes a statement of one line, moves it one level outwards, or changes how it ends. */
export const statement: RepairTemplate = function* (site) {
  const { source, at } = site
  const text = tokenText(source, at)
  if (text === 'break') yield replaceTokens(site, at, at, 'continue', 'statement.jump')
  if (text === 'continue') yield replaceTokens(site, at, at, 'break', 'statement.jump')
  const line = lineOf(source, at)
  if (line === null) return
  const { start, end, indent, last } = line
  const opens = opensBlock(source, last)
  if (source.family === 'python' && !opens && isLastOfBlock(source, at, indent)) {
    yield {
      start,
      end: start + indent.length,
      text: outer(source, at, indent),
      rule: 'statement.dedent',
      factor: text === 'return' ? 1 : 0.4,
    }
  }
  if (!opens && text !== '}' && text !== 'end') {
    yield { start: start + indent.length, end, text: source.dialect.nothing, rule: 'statement.drop' }
  }
  yield* severalDropped(site, line)
  if (text === 'return') yield* returned(site, last)
  else if (!opens) yield* returning(site, last)
}

/** Removes two or three statements that follow each other, or a whole block with its head. */
function* severalDropped({ source, at, around }: RepairSite, first: StatementLine): Generator<TokenRewrite> {
  if (['}', 'end', 'else', 'elif', 'except', 'finally', 'catch'].includes(tokenText(source, at))) return
  // A string alone is documentation.
  if (source.tokens[at]?.kind === 'string') return
  const end = (last: number): number => source.tokens[last]?.end ?? first.end
  const none = source.dialect.nothing
  const begin = first.start + first.indent.length
  if (opensBlock(source, first.last)) {
    const last = blockEnd(source, first, around.places.at(-1) ?? first.last)
    if (last !== null) yield { start: begin, end: end(last), text: none, rule: 'statement.several' }
    return
  }
  let { last } = first
  for (const factor of [1, 0.5]) {
    const next = lineOf(source, last + 1)
    if (next === null || next.indent !== first.indent || opensBlock(source, next.last)) return
    if (tokenText(source, last + 1) === '}') return
    last = next.last
    yield { start: begin, end: end(last), text: none, rule: 'statement.several', factor }
  }
}

/** The last token of the block that a line opens; null if it does not end in this region. */
function blockEnd(source: TokenizedFile, line: StatementLine, most: number): number | null {
  if (source.family !== 'python') {
    const close = tokenText(source, line.last) === '{' ? (source.pairs[line.last] ?? -1) : -1
    return close > line.last && close <= most && tokenText(source, close + 1) !== 'else' ? close : null
  }
  let last = line.last
  while (last < most) {
    const next = lineOf(source, last + 1)
    if (!sameLine(source, last + 1) && next !== null && next.indent.length <= line.indent.length) {
      return ['else', 'elif', 'except', 'finally'].includes(tokenText(source, last + 1)) ? null : last
    }
    last++
  }
  return last
}

/** True if the line before it does not open a block and the line after it is less deep. */
function isLastOfBlock(source: TokenizedFile, at: number, indent: string): boolean {
  if (indent === '' || opensBlock(source, at - 1)) return false
  let next = at + 1
  while (sameLine(source, next)) next++
  const line = lineOf(source, next)
  return line === null ? next >= source.tokens.length : line.indent.length < indent.length
}

/** The indent of the block around the block that contains this line. */
function outer(source: TokenizedFile, at: number, indent: string): string {
  for (let back = at - 1; back >= 0; back--) {
    const line = lineOf(source, back)
    if (line !== null && line.indent.length < indent.length) return line.indent
  }
  return ''
}

/** Returns what the statement computes: `return f(x)` for `y = f(x)` or for `f(x)` alone. */
function* returning(site: RepairSite, last: number): Generator<TokenRewrite> {
  const { source, at } = site
  if (!site.around.inFunction || !isName(source, at)) return
  const isAssignment = tokenText(source, at + 1) === '=' && last > at + 1
  const isCall = operandEnd(source, at) === last - (tokenText(source, last) === ';' ? 1 : 0) && last > at
  if (isAssignment) yield replaceTokens(site, at, at + 1, 'return', 'statement.returning')
  else if (isCall) yield replaceTokens(site, at, at, `return ${tokenText(source, at)}`, 'statement.returning')
}

const PYTHON_VALUES = ['-1', '0', '1', 'True', 'False', 'None', '[]', '""']
const OTHER_VALUES = ['-1', '0', '1', 'true', 'false', 'null', '[]', '""']

/** What may be returned instead: a variable, a list with it, or its truth value. */
function* returned(site: RepairSite, last: number): Generator<TokenRewrite> {
  const { at } = site
  if (last <= at) return
  for (const name of site.around.scope.variables.keys()) {
    for (const [form, factor] of [
      [name, 1],
      [`${name} == 0`, 0.5],
      [`${site.source.dialect.not}${name}`, 0.3],
      [`[${name}]`, 0.3],
      [`-${name}`, 0.3],
    ] as const) {
      yield replaceTokens(site, at + 1, last, form, 'statement.return', factor)
    }
  }
  for (const value of site.source.family === 'python' ? PYTHON_VALUES : OTHER_VALUES)
    yield replaceTokens(site, at + 1, last, value, 'statement.value')
}
