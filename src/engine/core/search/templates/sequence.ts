import {
  insertAfter,
  isWholeOperand,
  type RepairSite,
  type RepairTemplate,
  replaceTokens,
  type TokenRewrite,
} from '../repair-template.ts'
import { bracketParts, endsOperand, isMember, isName, textBetween, tokenText } from '../tokenized-file.ts'

const SCRIPT_PARTS = ['slice(1)', 'slice(0, -1)', 'sort()', 'reverse()', 'sort((a, b) => a - b)', 'flat()', 'at(-1)']
const SORTING = new Set(['sorted', 'min', 'max', 'sort'])
const KEYS = ['key=len', 'reverse=True', 'key=str', 'key=abs', 'key=lambda x: (len(x), x)', 'key=lambda x: x[1]']
const COMPARING = ['(a, b) => a - b', '(a, b) => b - a']

/** Another order for a sequence, a part of it, or each of its elements once. */
export const sequence: RepairTemplate = function* (site) {
  const { source, at } = site
  if (SORTING.has(tokenText(source, at)) && tokenText(source, at + 1) === '(') yield* ordered(site)
  if (isScript(site) && !site.target) yield* parts(site)
}

/** A list of the function beside one that is made here: `[f(x) for x in xs] + xs`. */
export const concatenation: RepairTemplate = function* (site) {
  const { source, at } = site
  const close = source.pairs[at] ?? -1
  if (tokenText(source, at) !== '[' || close <= at || !source.dialect.slices || endsOperand(source, at - 1)) return
  const inner = textBetween(source, at, close)
  const iterated = new Set([...inner.matchAll(/\bin (\w+)/g)].map(([, name = '']) => name))
  for (const [name, { ways }] of site.around.scope.variables) {
    if (!iterated.has(name) && !ways.has('iterated')) continue
    yield replaceTokens(site, at, close, `${name} + ${inner}`, 'sequence.concatenation', iterated.has(name) ? 1 : 0.4)
    yield replaceTokens(site, at, close, `${inner} + ${name}`, 'sequence.concatenation', iterated.has(name) ? 1 : 0.4)
  }
}

/** Each element once: for a name from which something is made. */
export const distinct: RepairTemplate = function* (site) {
  const { source, at } = site
  if (site.target || !isName(source, at) || isMember(source, at) || !isScript(site)) return
  if (['(', '['].includes(tokenText(source, at + 1))) return
  yield replaceTokens(site, at, at, `[...new Set(${tokenText(source, at)})]`, 'sequence.distinct')
}

function isScript({ source }: RepairSite): boolean {
  return source.dialect.max === 'Math.max'
}

function* ordered(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const [open, close] = [at + 1, source.pairs[at + 1] ?? -1]
  if (close < open) return
  const inner = bracketParts(source, open).length === 0 ? '' : textBetween(source, open + 1, close - 1)
  if (isScript(site) && tokenText(source, at) === 'sort')
    for (const one of COMPARING) yield replaceTokens(site, open, close, `(${one})`, 'sequence.order')
  if (!source.dialect.slices || inner.includes('key')) return
  for (const [index, one] of KEYS.entries()) {
    const text = inner === '' ? `(${one})` : `(${inner}, ${one})`
    yield replaceTokens(site, open, close, text, 'sequence.order', 1 / (1 + index / 2))
  }
}

function* parts(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const text = tokenText(source, at)
  const ends = (text === ')' || text === ']') && (source.pairs[at] ?? -1) >= 0
  const isWhole = isWholeOperand(site) || tokenText(source, at + 1) === ';'
  if (!(ends || isName(source, at)) || !isWhole) return
  for (const [index, one] of SCRIPT_PARTS.entries())
    yield insertAfter(site, at, `.${one}`, 'sequence.part', 1 / (1 + index / 4))
  if (ends || isMember(source, at)) return
  for (const [name, { ways }] of site.around.scope.variables) {
    if (name === text || !(ways.has('number') || ways.has('index'))) continue
    yield insertAfter(site, at, `.slice(${name})`, 'sequence.part', 0.6)
    yield insertAfter(site, at, `.slice(0, ${name})`, 'sequence.part', 0.4)
  }
}
