import { type RepairSite, type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { type TokenizedFile, textBetween, tokenText } from '../tokenized-file.ts'

const OTHER: ReadonlyMap<string, string> = new Map(Object.entries({ and: 'or', or: 'and', '&&': '||', '||': '&&' }))
const ENDS = new Set([
  'and',
  'or',
  '&&',
  '||',
  ':',
  ',',
  ';',
  '?',
  'if',
  'else',
  'then',
  'do',
  'return',
  'while',
  'elif',
  '=',
  '=>',
  '{',
])

/** `or` for `and`, or one of the two clauses alone. */
export const connective: RepairTemplate = function* (site) {
  const { source, at } = site
  const other = OTHER.get(tokenText(source, at))
  if (other === undefined) return
  yield replaceTokens(site, at, at, other, 'logic.connective')
  const [left, right] = [clauseStart(source, at - 1), clauseEnd(source, at + 1)]
  yield replaceTokens(site, left, right, textBetween(source, left, at - 1), 'logic.drop')
  yield replaceTokens(site, left, right, textBetween(source, at + 1, right), 'logic.drop')
}

/** Negates a condition: adds or removes a `not`. */
export const negation: RepairTemplate = function* (site) {
  const { source, at } = site
  const text = tokenText(source, at)
  if ((text === 'not' && tokenText(source, at + 1) !== 'in' && tokenText(source, at - 1) !== 'is') || text === '!') {
    const next = source.tokens[at + 1]
    const start = source.tokens[at]?.start ?? 0
    if (next !== undefined) yield { start, end: next.start, text: '', rule: 'logic.not' }
  }
  const condition = conditionAfter(site)
  if (condition === null || ['not', '!'].includes(tokenText(source, condition.first))) return
  const inner = textBetween(source, condition.first, condition.last)
  const simple = condition.first === condition.last
  const gap = source.tokens[at]?.end === source.tokens[condition.first]?.start ? ' ' : ''
  const turned = `${gap}${source.dialect.not}${simple || source.family !== 'c' ? inner : `(${inner})`}`
  yield replaceTokens(site, condition.first, condition.last, turned, 'logic.not', simple ? 1 : 0.6)
}

/** Makes a condition stronger or weaker with the function's own variables. */
export const condition: RepairTemplate = function* (site) {
  const { source } = site
  const found = conditionAfter(site)
  if (found === null) return
  const inner = textBetween(source, found.first, found.last)
  const { or, and, not } = source.dialect
  const kept = /\b(?:and|or)\b|&&|\|\|/.test(inner) ? `(${inner})` : inner
  for (const name of site.around.scope.variables.keys()) {
    yield replaceTokens(site, found.first, found.last, `${kept} ${or} ${not}${name}`, 'logic.condition')
    yield replaceTokens(site, found.first, found.last, `${kept} ${and} ${name}`, 'logic.condition')
    yield replaceTokens(site, found.first, found.last, `${kept} ${and} ${not}${name}`, 'logic.condition', 0.7)
    yield replaceTokens(site, found.first, found.last, `${kept} ${or} ${name}`, 'logic.condition', 0.7)
    if (source.family === 'python')
      yield replaceTokens(site, found.first, found.last, `${name} is None or ${kept}`, 'logic.condition', 0.7)
  }
}

/** The whole condition after an `if` or a `while`. */
function conditionAfter({ source, at }: RepairSite): { first: number; last: number } | null {
  if (!['if', 'while', 'elif', 'until', 'unless', 'elsif'].includes(tokenText(source, at))) return null
  const bracketed = tokenText(source, at + 1) === '(' && source.family === 'c'
  const first = bracketed ? at + 2 : at + 1
  if (bracketed) return { first, last: (source.pairs[at + 1] ?? first + 1) - 1 }
  let last = first - 1
  while (last + 1 < source.tokens.length) {
    const next = tokenText(source, last + 1)
    const pair = source.pairs[last + 1] ?? -1
    if ([':', '{', 'then', 'do', 'else', ';'].includes(next) && !(next === '{' && source.family === 'python')) break
    if (pair >= 0 && pair < first) break
    if (source.family === 'ruby' && source.tokens[last + 1]?.line !== source.tokens[at]?.line) break
    last = pair > last ? pair : last + 1
  }
  return last >= first ? { first, last } : null
}

/** The last token of the clause that begins here. */
export function clauseEnd(source: TokenizedFile, from: number): number {
  let at = from
  for (;;) {
    const pair = source.pairs[at] ?? -1
    if (pair > at) at = pair
    const next = tokenText(source, at + 1)
    if (next === '' || ENDS.has(next) || next === ')' || next === ']' || next === '}') return at
    at++
  }
}

/** The first token of the clause that ends here. */
export function clauseStart(source: TokenizedFile, from: number): number {
  let at = from
  for (;;) {
    const pair = source.pairs[at] ?? -1
    if (pair >= 0 && pair < at) at = pair
    const before = tokenText(source, at - 1)
    if (before === '' || ENDS.has(before) || before === '(' || before === '[') return at
    at--
  }
}
