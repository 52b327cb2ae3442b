import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { endsOperand, type TokenizedFile, tokenText } from '../tokenized-file.ts'

/** For each operator: first its neighbour at the boundary, then the others. */
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
export const comparison: RepairTemplate = function* (site) {
  const { source, at } = site
  const text = tokenText(source, at)
  if (!endsOperand(source, at - 1)) return
  for (const [index, other] of (ORDER.get(text) ?? []).entries()) {
    yield replaceTokens(site, at, at, other, index === 0 ? 'compare.near' : 'compare.far')
  }
  if (ORDER.has(text)) yield* withNumber(site)
  if (source.family !== 'python') return
  if (text === 'is')
    yield tokenText(source, at + 1) === 'not'
      ? replaceTokens(site, at, at + 1, 'is', 'compare.near')
      : replaceTokens(site, at, at, 'is not', 'compare.near')
  if (text === 'not' && tokenText(source, at + 1) === 'in') yield replaceTokens(site, at, at + 1, 'in', 'compare.near')
  if (text === 'in' && tokenText(source, at - 1) !== 'not' && !ofLoop(source, at))
    yield replaceTokens(site, at, at, 'not in', 'compare.near')
}

/** `== 0` for `<= 1`: operator and bound are often wrong together. */
function* withNumber(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const bound = tokenText(source, at + 1)
  if (!/^\d+$/.test(bound)) return
  for (const other of ORDER.get(tokenText(source, at)) ?? []) {
    for (const step of [1, -1]) {
      yield replaceTokens(
        site,
        at,
        at + 1,
        `${other} ${Number(bound) + step}`,
        'compare.bound',
        other.length === 2 ? 1 : 0.7,
      )
    }
  }
}

function ofLoop(source: TokenizedFile, at: number): boolean {
  for (let back = at - 1; back >= 0 && at - back < 20; back--) {
    const text = tokenText(source, back)
    if (text === 'for') return true
    if (text === 'in' || text === 'if') return false
  }
  return false
}
