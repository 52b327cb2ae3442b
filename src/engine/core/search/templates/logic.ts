import { between, type Source, word } from '../shape.ts'
import { put, type Site, type Template } from '../template.ts'

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
export const connective: Template = function* (site) {
  const { source, at } = site
  const other = OTHER.get(word(source, at))
  if (other === undefined) return
  yield put(site, at, at, other, 'logic.connective')
  const [left, right] = [clauseStart(source, at - 1), clauseEnd(source, at + 1)]
  yield put(site, left, right, between(source, left, at - 1), 'logic.drop')
  yield put(site, left, right, between(source, at + 1, right), 'logic.drop')
}

/** A condition turned round: a `not` put in or taken out. */
export const negation: Template = function* (site) {
  const { source, at } = site
  const text = word(source, at)
  if ((text === 'not' && word(source, at + 1) !== 'in' && word(source, at - 1) !== 'is') || text === '!') {
    const next = source.tokens[at + 1]
    const start = source.tokens[at]?.start ?? 0
    if (next !== undefined) yield { start, end: next.start, text: '', rule: 'logic.not' }
  }
  const condition = conditionAfter(site)
  if (condition === null || ['not', '!'].includes(word(source, condition.first))) return
  const inner = between(source, condition.first, condition.last)
  const simple = condition.first === condition.last
  const gap = source.tokens[at]?.end === source.tokens[condition.first]?.start ? ' ' : ''
  const turned = `${gap}${source.dialect.not}${simple || source.family !== 'c' ? inner : `(${inner})`}`
  yield put(site, condition.first, condition.last, turned, 'logic.not', simple ? 1 : 0.6)
}

/** A condition made stronger or weaker by what the function's own variables say. */
export const condition: Template = function* (site) {
  const { source } = site
  const found = conditionAfter(site)
  if (found === null) return
  const inner = between(source, found.first, found.last)
  const { or, and, not } = source.dialect
  const kept = /\b(?:and|or)\b|&&|\|\|/.test(inner) ? `(${inner})` : inner
  for (const name of site.around.scope.variables.keys()) {
    yield put(site, found.first, found.last, `${kept} ${or} ${not}${name}`, 'logic.condition')
    yield put(site, found.first, found.last, `${kept} ${and} ${name}`, 'logic.condition')
    yield put(site, found.first, found.last, `${kept} ${and} ${not}${name}`, 'logic.condition', 0.7)
    yield put(site, found.first, found.last, `${kept} ${or} ${name}`, 'logic.condition', 0.7)
    if (source.family === 'python')
      yield put(site, found.first, found.last, `${name} is None or ${kept}`, 'logic.condition', 0.7)
  }
}

/** The whole condition behind an `if` or a `while`. */
function conditionAfter({ source, at }: Site): { first: number; last: number } | null {
  if (!['if', 'while', 'elif', 'until', 'unless', 'elsif'].includes(word(source, at))) return null
  const bracketed = word(source, at + 1) === '(' && source.family === 'c'
  const first = bracketed ? at + 2 : at + 1
  if (bracketed) return { first, last: (source.pairs[at + 1] ?? first + 1) - 1 }
  let last = first - 1
  while (last + 1 < source.tokens.length) {
    const next = word(source, last + 1)
    const pair = source.pairs[last + 1] ?? -1
    if ([':', '{', 'then', 'do', 'else', ';'].includes(next) && !(next === '{' && source.family === 'python')) break
    if (pair >= 0 && pair < first) break
    if (source.family === 'ruby' && source.tokens[last + 1]?.line !== source.tokens[at]?.line) break
    last = pair > last ? pair : last + 1
  }
  return last >= first ? { first, last } : null
}

function clauseEnd(source: Source, from: number): number {
  let at = from
  for (;;) {
    const pair = source.pairs[at] ?? -1
    if (pair > at) at = pair
    const next = word(source, at + 1)
    if (next === '' || ENDS.has(next) || next === ')' || next === ']' || next === '}') return at
    at++
  }
}

function clauseStart(source: Source, from: number): number {
  let at = from
  for (;;) {
    const pair = source.pairs[at] ?? -1
    if (pair >= 0 && pair < at) at = pair
    const before = word(source, at - 1)
    if (before === '' || ENDS.has(before) || before === '(' || before === '[') return at
    at--
  }
}
