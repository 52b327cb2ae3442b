import { between, endsOperand, parts, word } from '../shape.ts'
import { put, type Rewrite, type Site, type Template } from '../template.ts'

type Part = readonly [first: number, last: number]

/** Two arguments of a call, an index or a tuple the other way round, or one of them left out. */
export const order: Template = function* (site) {
  const { source, at } = site
  if (word(source, at) !== '(' && word(source, at) !== '[') return
  const list = parts(source, at)
  if (list.length < 2) return
  const called = endsOperand(source, at - 1)
  yield* swapped(site, list, called ? 'order.swap' : 'order.tuple')
  for (const [index, [first, last]] of list.entries()) {
    const [from, to] = index === 0 ? [first, (list[1]?.[0] ?? first) - 1] : [(list[index - 1]?.[1] ?? first) + 1, last]
    yield put(site, from, to, '', called ? 'order.drop' : 'order.element')
  }
}

function* swapped(site: Site, list: readonly Part[], rule: string): Generator<Rewrite> {
  const { source } = site
  for (const [index, a] of list.entries()) {
    for (const [step, b] of list.slice(index + 1, index + 4).entries()) {
      const [left, right] = [between(source, ...a), between(source, ...b)]
      const middle = source.text.slice(source.tokens[a[1]]?.end, source.tokens[b[0]]?.start)
      if (left !== right) yield put(site, a[0], b[1], `${right}${middle}${left}`, rule, step === 0 ? 1 : 0.5)
    }
  }
}
