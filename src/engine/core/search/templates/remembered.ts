import type { RepairSite, RepairTemplate, TokenRewrite } from '../repair-template.ts'
import { statementBegin } from '../statement-line.ts'
import { isMember, isName, operandEnd, operandStart, sameLine, textBetween, tokenText } from '../tokenized-file.ts'
import { eolOf, stepOf } from './guard.ts'

/** Inserts what keeps a variable up to date: what was met, a first value once more, a value that is only computed. */
export const remembered: RepairTemplate = function* (site) {
  const { source, at } = site
  if (!site.around.inFunction) return
  const closes = tokenText(source, at) === '}' && (source.pairs[at] ?? -1) >= 0
  const place = closes ? closingLine(site) : statementBegin(source, at)
  if (place === null || place.start === 0 || BRANCHES.has(tokenText(source, at))) return
  const indent = closes ? indentInside(site, place.indent) : place.indent
  for (const [text, rule, factor] of statements(site))
    yield {
      start: place.start,
      end: place.start,
      text: `${indent}${text}${source.dialect.end}${eolOf(source)}`,
      rule,
      factor,
    } satisfies TokenRewrite
}

const BRANCHES = new Set(['else', 'elif', 'elsif', 'except', 'finally', 'catch', 'when', 'case', 'end'])

/** The line of a brace that stands alone at its beginning. */
function closingLine({ source, at }: RepairSite): { start: number; indent: string } | null {
  const token = source.tokens[at]
  if (token === undefined) return null
  const start = source.text.lastIndexOf('\n', token.start - 1) + 1
  const indent = source.text.slice(start, token.start)
  return /^\s*$/.test(indent) ? { start, indent } : null
}

/** The indent of the last statement of the block that a brace closes. */
function indentInside({ source, at }: RepairSite, outer: string): string {
  let first = at - 1
  while (first > 0 && sameLine(source, first)) first--
  const start = source.tokens[first]?.start ?? 0
  const indent = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start)
  return /^\s*$/.test(indent) && indent.length > outer.length ? indent : `${outer}${stepOf(outer)}`
}

function* statements(site: RepairSite): Generator<readonly [text: string, rule: string, factor: number]> {
  const seen = new Set<string>()
  for (const text of memberships(site)) if (!seen.has(text) && seen.add(text)) yield [text, 'insert.remembered', 1]
  for (const text of neverFilled(site)) if (!seen.has(text) && seen.add(text)) yield [text, 'insert.filled', 1]
  for (const text of firstValues(site)) if (!seen.has(text) && seen.add(text)) yield [text, 'insert.reset', 1]
  for (const text of computed(site)) if (!seen.has(text) && seen.add(text)) yield [text, 'insert.computed', 1]
}

/** `seen.add(x)` where the function asks for `x in seen`. */
function* memberships(site: RepairSite): Generator<string> {
  for (const at of site.around.places) {
    const asked = site.source.family === 'python' ? membershipAt(site, at) : callOfMembership(site, at)
    if (asked === null) continue
    const { held, one } = asked
    if (asked.by === 'in') yield* [`${held}.add(${one})`, `${held}.append(${one})`, `${held}[${one}] = True`]
    else if (asked.by === 'has') yield* [`${held}.add(${one})`, `${held}.set(${one}, true)`]
    else yield `${held}.push(${one})`
  }
}

interface Membership {
  readonly by: string
  readonly held: string
  readonly one: string
}

/** `x in seen`, but not that of a loop. */
function membershipAt({ source, around }: RepairSite, at: number): Membership | null {
  if (tokenText(source, at) !== 'in') return null
  const last = tokenText(source, at - 1) === 'not' ? at - 2 : at - 1
  const start = operandStart(source, last)
  const held = tokenText(source, at + 1)
  if (start === null || tokenText(source, start - 1) === 'for' || !around.scope.variables.has(held)) return null
  return { by: 'in', held, one: textBetween(source, start, last) }
}

/** `seen.has(x)`, `list.includes(x)`. */
function callOfMembership({ source }: RepairSite, at: number): Membership | null {
  const by = tokenText(source, at)
  if ((by !== 'has' && by !== 'includes') || !isMember(source, at) || tokenText(source, at + 1) !== '(') return null
  const start = operandStart(source, at - 2)
  const close = source.pairs[at + 1] ?? -1
  if (start === null || close <= at + 2) return null
  return { by, held: textBetween(source, start, at - 2), one: textBetween(source, at + 2, close - 1) }
}

/** What an empty container is made with → how something is put into it. */
const FILLING: readonly (readonly [made: RegExp, by: string])[] = [
  [/^(?:\[\]|list\(\)|(?:collections\.)?deque\(\))$/, 'append'],
  [/^set\(\)$/, 'add'],
  [/^new Set\(\)$/, 'add'],
]
const FILLS = new Set('append appendleft extend insert add update push unshift splice set concat'.split(' '))
const MOST_FILLED = 3

/** `stack.append(x)` for a container that is made empty, is used, and into which nothing is ever put. */
function* neverFilled(site: RepairSite): Generator<string> {
  const { source, around } = site
  const empty = madeEmpty(site)
  for (const at of around.places) {
    const next = tokenText(source, at + 1)
    const isStored = next === '[' && tokenText(source, (source.pairs[at + 1] ?? at) + 1) === '='
    const isFilled = isStored || next === '+=' || (next === '.' && FILLS.has(tokenText(source, at + 2)))
    if (isFilled) empty.delete(tokenText(source, at))
  }
  for (const [held, by] of [...empty].slice(0, MOST_FILLED))
    for (const name of around.scope.variables.keys()) if (name !== held) yield `${held}.${by}(${name})`
}

/** Variable → the method that puts something into it. */
function madeEmpty({ source, around }: RepairSite): Map<string, string> {
  const isScript = source.dialect.max === 'Math.max'
  const empty = new Map<string, string>()
  for (const at of around.places) {
    if (tokenText(source, at) !== '=' || !isName(source, at - 1) || isMember(source, at - 1)) continue
    const end = operandEnd(source, tokenText(source, at + 1) === 'new' ? at + 2 : at + 1)
    const made = end === null ? '' : textBetween(source, at + 1, end)
    const by = FILLING.find(([form]) => form.test(made))?.[1]
    if (by !== undefined) empty.set(tokenText(source, at - 1), isScript && by === 'append' ? 'push' : by)
  }
  return empty
}

const DECLARING = new Set(['let', 'var', 'const'])

/** `count = 0`: what a variable begins with. */
function* firstValues({ source, around, at }: RepairSite): Generator<string> {
  for (const place of around.places) {
    if (place >= at || !isName(source, place) || tokenText(source, place + 1) !== '=' || isMember(source, place))
      continue
    const before = tokenText(source, place - 1)
    const end = operandEnd(source, place + 2)
    if (end === null || end > place + 4 || source.tokens[end + 1]?.line === source.tokens[end]?.line) continue
    const isValue = source.tokens[place + 2]?.kind !== 'word' || end > place + 2
    if (isValue && (DECLARING.has(before) || source.tokens[place - 1]?.line !== source.tokens[place]?.line))
      yield textBetween(source, place, end)
  }
}

const COMPUTING = new Set(['%', '/', '//', '-', '+', '*', '>>'])

/** `n = n % k` where the function computes `n % k` only. */
function* computed({ source, around }: RepairSite): Generator<string> {
  for (const at of around.places) {
    if (!COMPUTING.has(tokenText(source, at)) || !isName(source, at - 1) || isMember(source, at - 1)) continue
    const end = operandEnd(source, at + 1)
    if (end !== null && end - at < 8 && around.scope.variables.has(tokenText(source, at - 1)))
      yield `${tokenText(source, at - 1)} = ${textBetween(source, at - 1, end)}`
  }
}
