import { insertAfter, isWholeOperand, type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { endsOperand, isName, operandStart, textBetween, tokenText } from '../tokenized-file.ts'

/** Replaces a sequence by a part of it, or a part by the whole, with Python's slices. */
export const slice: RepairTemplate = function* (site) {
  const { source, at } = site
  if (tokenText(source, at) === '[' && endsOperand(source, at - 1)) {
    const close = source.pairs[at] ?? -1
    if (close > at) yield replaceTokens(site, at, close, '', 'slice.remove')
    const start = operandStart(source, at - 1)
    if (close > at && start !== null && source.dialect.slices && !site.target)
      for (const all of ['sum', 'max', 'min', 'len'])
        yield replaceTokens(site, start, close, `${all}(${textBetween(source, start, at - 1)})`, 'slice.whole')
  }
  const closes = tokenText(source, at) === ']' && (source.pairs[at] ?? -1) >= 0
  if (!source.dialect.slices || site.target || !(isName(source, at) || closes) || !isWholeOperand(site)) return
  for (const part of ['[1:]', '[:-1]', '[::-1]', '[0]', '[-1]']) yield insertAfter(site, at, part, 'slice.add')
  if (closes) return
  for (const other of site.around.scope.variables.keys()) {
    if (other === tokenText(source, at)) continue
    yield insertAfter(site, at, `[${other}:]`, 'slice.add', 0.6)
    yield insertAfter(site, at, `[:${other}]`, 'slice.add', 0.6)
    yield insertAfter(site, at, `[${other}]`, 'slice.add', 0.6)
  }
}
