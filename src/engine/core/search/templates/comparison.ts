import { endsOperand, type Source, word } from '../shape.ts'
import { put, type Rewrite, type Site, type Template } from '../template.ts'

/** Per operator: its neighbour at the boundary first, then the others. */
const ORDER: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '<': ['<=', '>', '>=', '==', '!='],
    '<=': ['<', '>=', '>', '==', '!='],
    '>': ['>=', '<', '<=', '==', '!='],
    '>=': ['>', '<=', '<', '==', '!='],
    '==': ['!=', '<=', '>=', '<', '>'],
    '!=': ['==', '<', '>', '<=', '>='],
    '-lt': ['-le', '-gt', '-ge'],
    '-le': ['-lt', '-ge', '-gt'],
    '-gt': ['-ge', '-lt', '-le'],
    '-ge': ['-gt', '-le', '-lt'],
    '-eq': ['-ne'],
    '-ne': ['-eq'],
    '-z': ['-n'],
    '-n': ['-z'],
    '===': ['!=='],
    '!==': ['==='],
  }),
)

/** `<` for `<=`, `==` for `!=`, `is` for `is not`, `in` for `not in`. */
export const comparison: Template = function* (site) {
  const { source, at } = site
  const text = word(source, at)
  if (!endsOperand(source, at - 1)) return
  for (const [index, other] of (ORDER.get(text) ?? []).entries()) {
    yield put(site, at, at, other, index === 0 ? 'compare.near' : 'compare.far')
  }
  if (ORDER.has(text)) yield* withNumber(site)
  if (source.family !== 'python') return
  if (text === 'is')
    yield word(source, at + 1) === 'not'
      ? put(site, at, at + 1, 'is', 'compare.near')
      : put(site, at, at, 'is not', 'compare.near')
  if (text === 'not' && word(source, at + 1) === 'in') yield put(site, at, at + 1, 'in', 'compare.near')
  if (text === 'in' && word(source, at - 1) !== 'not' && !ofLoop(source, at))
    yield put(site, at, at, 'not in', 'compare.near')
}

/** `== 0` for `<= 1`: operator and bound are often wrong together. */
function* withNumber(site: Site): Generator<Rewrite> {
  const { source, at } = site
  const bound = word(source, at + 1)
  if (!/^\d+$/.test(bound)) return
  for (const other of ORDER.get(word(source, at)) ?? []) {
    for (const step of [1, -1]) {
      yield put(site, at, at + 1, `${other} ${Number(bound) + step}`, 'compare.bound', other.length === 2 ? 1 : 0.7)
    }
  }
}

function ofLoop(source: Source, at: number): boolean {
  for (let back = at - 1; back >= 0 && at - back < 20; back--) {
    const text = word(source, back)
    if (text === 'for') return true
    if (text === 'in' || text === 'if') return false
  }
  return false
}
