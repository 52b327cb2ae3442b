import { endsOperand, isName, word } from '../shape.ts'
import { after, isWhole, put, type Template } from '../template.ts'

/** A part of a sequence for the whole, the whole for a part; Python's slices. */
export const slice: Template = function* (site) {
  const { source, at } = site
  if (word(source, at) === '[' && endsOperand(source, at - 1)) {
    const close = source.pairs[at] ?? -1
    if (close > at) yield put(site, at, close, '', 'slice.remove')
  }
  const closes = word(source, at) === ']' && (source.pairs[at] ?? -1) >= 0
  if (!source.dialect.slices || site.target || !(isName(source, at) || closes) || !isWhole(site)) return
  for (const part of ['[1:]', '[:-1]', '[::-1]', '[0]', '[-1]']) yield after(site, at, part, 'slice.add')
  if (closes) return
  for (const other of site.around.scope.variables.keys()) {
    if (other === word(source, at)) continue
    yield after(site, at, `[${other}:]`, 'slice.add', 0.6)
    yield after(site, at, `[:${other}]`, 'slice.add', 0.6)
    yield after(site, at, `[${other}]`, 'slice.add', 0.6)
  }
}
