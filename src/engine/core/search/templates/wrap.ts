import {
  insertAfter,
  isWholeOperand,
  type RepairSite,
  type RepairTemplate,
  replaceTokens,
  type TokenRewrite,
} from '../repair-template.ts'
import { isPlainAssignment, statementEnd } from '../statement-line.ts'
import {
  bracketParts,
  endsOperand,
  isMember,
  isName,
  operandEnd,
  operandStart,
  sameLine,
  type TokenizedFile,
  textBetween,
  tokenText,
} from '../tokenized-file.ts'

/** `f(x)` without its `f`, and `x` in a function that is often forgotten. */
export const wrap: RepairTemplate = function* (site) {
  const { source, at } = site
  if (isName(source, at) && !isMember(source, at) && tokenText(source, at + 1) === '(') {
    const close = source.pairs[at + 1] ?? -1
    const list = bracketParts(source, at + 1)
    for (const part of list) {
      const inner = textBetween(source, ...part)
      // A generator expression is not valid without the call around it.
      if (!/\bfor\b/.test(inner))
        yield replaceTokens(site, at, close, inner, 'wrap.remove', list.length === 1 ? 1 : 0.5)
    }
  }
  if (site.target || !startsOperand(site)) return
  const end = operandEnd(source, at)
  if (end === null) return
  const inner = textBetween(source, at, end)
  for (const [index, wrapper] of source.dialect.wrappers.entries()) {
    if (wrapper !== tokenText(source, at))
      yield replaceTokens(site, at, end, `${wrapper}(${inner})`, 'wrap.add', 1 / (1 + index / 4))
  }
}

/**
 * Functions that are often forgotten around a whole assigned or returned expression, methods after a variable, and functions
 * on both sides of a comparison.
 */
export const wrapWhole: RepairTemplate = function* (site) {
  const { source, at } = site
  const text = tokenText(source, at)
  const wrappers = source.dialect.wrappers
  if (text === 'return' || (text === '=' && (isPlainAssignment(source, at) || isDeclaration(source, at)))) {
    const last = statementEnd(source, at)
    if (last > at + 1) {
      const inner = textBetween(source, at + 1, last)
      for (const wrapper of wrappers) yield replaceTokens(site, at + 1, last, `${wrapper}(${inner})`, 'wrap.whole')
    }
  }
  if (!site.target && isName(source, at) && isWholeOperand(site)) {
    for (const method of source.dialect.methods) yield insertAfter(site, at, `.${method}`, 'wrap.method')
  }
  if (['==', '!=', '<', '>', '<=', '>=', '===', '!=='].includes(text)) {
    const [first, last] = [operandStart(source, at - 1), operandEnd(source, at + 1)]
    if (first === null || last === null) return
    for (const wrapper of wrappers) {
      const [a, b] = [textBetween(source, first, at - 1), textBetween(source, at + 1, last)]
      yield replaceTokens(site, first, last, `${wrapper}(${a}) ${text} ${wrapper}(${b})`, 'wrap.both')
    }
    yield* methodsOnBoth(site, first, last)
  }
}

/** The same method on both sides of a comparison, at their ends or in the brackets with which both end. */
function* methodsOnBoth(site: RepairSite, first: number, last: number): Generator<TokenRewrite> {
  const { source, at } = site
  const more = source.dialect.max === 'Math.max' ? ['sort()', 'reverse()', 'join("")'] : []
  const [a, b] = [textBetween(source, first, at - 1), textBetween(source, at + 1, last)]
  const inBrackets = a.endsWith(')') && b.endsWith(')')
  for (const method of [...source.dialect.methods, ...more]) {
    const [text, between] = [`.${method}`, ` ${tokenText(source, at)} `]
    yield replaceTokens(site, first, last, `${a}${text}${between}${b}${text}`, 'wrap.both')
    if (!inBrackets) continue
    const [inA, inB] = [a.slice(0, -1), b.slice(0, -1)]
    yield replaceTokens(site, first, last, `${inA}${text})${between}${inB}${text})`, 'wrap.both', 0.7)
  }
}

/** `let x = …`. */
function isDeclaration(source: TokenizedFile, at: number): boolean {
  return ['let', 'const', 'var'].includes(tokenText(source, at - 2)) && isName(source, at - 1)
}

function startsOperand({ source, at }: RepairSite): boolean {
  return isName(source, at) && !isMember(source, at) && !(sameLine(source, at) && endsOperand(source, at - 1))
}

/** A limit around an assigned value: `best = max(best, x)` for `best = x`. */
export const limit: RepairTemplate = function* (site) {
  const { source, at } = site
  const { max, min } = source.dialect
  if (max === null || min === null || tokenText(source, at) !== '=' || !isPlainAssignment(source, at)) return
  const end = statementEnd(source, at)
  const inner = textBetween(source, at + 1, end)
  const others = [tokenText(source, at - 1), '0', '1', ...site.around.scope.variables.keys()]
  for (const wrapper of [max, min]) {
    for (const [index, other] of [...new Set(others)].entries()) {
      yield replaceTokens(site, at + 1, end, `${wrapper}(${other}, ${inner})`, 'wrap.limit', index < 2 ? 1 : 0.4)
    }
  }
}
