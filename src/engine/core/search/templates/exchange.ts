import { type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { lineOf, opensBlock, type StatementLine, statementEnd } from '../statement-line.ts'
import { isKeyword, sameLine, type TokenizedFile, textBetween, tokenText } from '../tokenized-file.ts'

/** Two places that changed places: two statements, what two branches return, two elements without brackets. */
export const exchange: RepairTemplate = function* (site) {
  const { source, at } = site
  yield* elements(source, at)
  if (tokenText(source, at) === 'return') yield* returns(source, at, site.around.places)
  const line = lineOf(source, at)
  if (line === null || opensBlock(source, line.last)) return
  const next = lineOf(source, line.last + 1)
  if (next === null || next.indent !== line.indent || opensBlock(source, next.last)) return
  if (ENDS.has(tokenText(source, at)) || ['}', 'end', ''].includes(tokenText(source, line.last + 1))) return
  yield* exchanged(source, line, next)
}

/** After these, nothing else of the block runs. */
const ENDS = new Set(['return', 'break', 'continue', 'raise', 'throw', '}'])

function* exchanged(source: TokenizedFile, line: StatementLine, next: StatementLine): Generator<TokenRewrite> {
  const [first, second] = [source.text.slice(line.start, line.end), source.text.slice(next.start, next.end)]
  const between = source.text.slice(line.end, next.start)
  yield { start: line.start, end: next.end, text: `${second}${between}${first}`, rule: 'exchange.statements' }
}

/** The values of this `return` and of one that follows it. */
function* returns(source: TokenizedFile, at: number, places: readonly number[]): Generator<TokenRewrite> {
  const last = statementEnd(source, at)
  const later = places.filter((place) => place > last && tokenText(source, place) === 'return')
  for (const [index, other] of later.slice(0, 3).entries()) {
    const end = statementEnd(source, other)
    if (last <= at || end <= other) continue
    const [a, b] = [textBetween(source, at + 1, last), textBetween(source, other + 1, end)]
    if (a === b) continue
    const between = source.text.slice(source.tokens[last]?.end, source.tokens[other + 1]?.start)
    const text = `${b}${between}${a}`
    const [start, stop] = [source.tokens[at + 1]?.start ?? 0, source.tokens[end]?.end ?? 0]
    yield { start, end: stop, text, rule: 'exchange.returns', factor: 1 / (1 + index) }
  }
}

/** `b, a = …` for `a, b = …`, and `return b, a`: elements of a tuple that has no brackets. */
function* elements(source: TokenizedFile, at: number): Generator<TokenRewrite> {
  if (tokenText(source, at) !== ',' || source.depths[at] !== 0 || source.family !== 'python') return
  const [first, last] = [partStart(source, at - 1), partEnd(source, at + 1)]
  if (first > at - 1 || last < at + 1) return
  const [a, b] = [textBetween(source, first, at - 1), textBetween(source, at + 1, last)]
  if (a === b) return
  const [start, end] = [source.tokens[first]?.start ?? 0, source.tokens[last]?.end ?? 0]
  yield { start, end, text: `${b}, ${a}`, rule: 'order.tuple' }
}

const BORDERS = new Set([',', '=', ';', ':', 'return', 'yield', 'for', 'in'])

function partStart(source: TokenizedFile, from: number): number {
  let at = from
  for (;;) {
    const pair = source.pairs[at] ?? -1
    if (pair >= 0 && pair < at) at = pair
    if (!sameLine(source, at) || at === 0) return at
    const before = tokenText(source, at - 1)
    if (BORDERS.has(before) || isKeyword(source, at - 1)) return at
    at--
  }
}

function partEnd(source: TokenizedFile, from: number): number {
  let at = from
  for (;;) {
    const pair = source.pairs[at] ?? -1
    if (pair > at) at = pair
    const next = tokenText(source, at + 1)
    if (!sameLine(source, at + 1) || next === '' || BORDERS.has(next)) return at
    at++
  }
}

/** Both ends of a range: the numbers from 1 instead of those from 0, or a part of a sequence that is moved by one. */
export const bothEnds: RepairTemplate = function* (site) {
  const { source, at } = site
  const close = source.pairs[at] ?? -1
  if (close <= at) return
  const isRange = tokenText(source, at) === '(' && tokenText(source, at - 1) === 'range'
  const separator = isRange ? ',' : ':'
  if (!isRange && !(tokenText(source, at) === '[' && source.dialect.slices)) return
  const middle = topLevel(source, at, close, separator)
  if (middle === null && isRange && close > at + 1) {
    const inner = textBetween(source, at + 1, close - 1)
    for (const [text, factor] of [
      [`1, ${inner} + 1`, 1],
      [`1, ${inner}`, 1],
      [`${inner} - 1, -1, -1`, 0.5],
    ] as const)
      yield replaceTokens(site, at + 1, close - 1, text, 'ends.range', factor)
  }
  if (middle === null || middle === at + 1 || middle === close - 1) return
  const [from, to] = [textBetween(source, at + 1, middle - 1), textBetween(source, middle + 1, close - 1)]
  const gap = isRange ? ', ' : ':'
  for (const step of ['+ 1', '- 1'])
    yield replaceTokens(site, at + 1, close - 1, `${from} ${step}${gap}${to} ${step}`, 'ends.both')
  if (from !== to) yield replaceTokens(site, at + 1, close - 1, `${to}${gap}${from}`, 'ends.both', 0.5)
}

/** The only separator directly inside of a bracket; null if there is none, or several. */
function topLevel(source: TokenizedFile, open: number, close: number, separator: string): number | null {
  const found: number[] = []
  for (let at = open + 1; at < close; at++) {
    const pair = source.pairs[at] ?? -1
    if (pair > at) at = pair
    else if (tokenText(source, at) === separator) found.push(at)
  }
  return found.length === 1 ? (found[0] ?? null) : null
}
