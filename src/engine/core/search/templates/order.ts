import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { bracketParts, endsOperand, textBetween, tokenText } from '../tokenized-file.ts'

type TokenSpan = readonly [first: number, last: number]

/** Swaps two arguments of a call, an index or a tuple, or leaves one of them out. */
export const order: RepairTemplate = function* (site) {
  const { source, at } = site
  if (tokenText(source, at) !== '(' && tokenText(source, at) !== '[') return
  const list = bracketParts(source, at)
  if (list.length < 2) return
  const called = endsOperand(source, at - 1)
  yield* swapped(site, list, called ? 'order.swap' : 'order.tuple')
  for (const [index, [first, last]] of list.entries()) {
    const [from, to] = index === 0 ? [first, (list[1]?.[0] ?? first) - 1] : [(list[index - 1]?.[1] ?? first) + 1, last]
    yield replaceTokens(site, from, to, '', called ? 'order.drop' : 'order.element')
  }
}

function* swapped(site: RepairSite, list: readonly TokenSpan[], rule: string): Generator<TokenRewrite> {
  const { source } = site
  for (const [index, a] of list.entries()) {
    for (const [step, b] of list.slice(index + 1, index + 4).entries()) {
      const [left, right] = [textBetween(source, ...a), textBetween(source, ...b)]
      const middle = source.text.slice(source.tokens[a[1]]?.end, source.tokens[b[0]]?.start)
      if (left !== right) yield replaceTokens(site, a[0], b[1], `${right}${middle}${left}`, rule, step === 0 ? 1 : 0.5)
    }
  }
}
