import { type RepairSite, type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { isMember, isName, textBetween, tokenText } from '../tokenized-file.ts'
import { clauseEnd, clauseStart } from './logic.ts'

const CONNECTIVES = new Set(['and', 'or', '&&', '||'])

/** One more clause of a condition: one that stands there with two of its variables exchanged. */
export const clause: RepairTemplate = function* (site) {
  const { source, at } = site
  if (!CONNECTIVES.has(tokenText(source, at))) return
  const [first, last] = [clauseStart(source, at - 1), clauseEnd(source, at + 1)]
  for (const span of [[first, at - 1] as const, [at + 1, last] as const])
    for (const text of exchanged(site, span)) {
      const own = textBetween(source, at + 1, last)
      yield replaceTokens(site, at + 1, last, `${own} ${tokenText(source, at)} ${text}`, 'logic.clause')
    }
}

/** The text of a clause with each two of its variables exchanged. */
function* exchanged({ source }: RepairSite, [first, last]: readonly [number, number]): Generator<string> {
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const places = all.filter((at) => isName(source, at) && !isMember(source, at))
  const gap = (at: number) =>
    at === first ? '' : source.text.slice(source.tokens[at - 1]?.end, source.tokens[at]?.start)
  for (const [index, a] of places.entries())
    for (const b of places.slice(index + 1)) {
      if (tokenText(source, a) === tokenText(source, b)) continue
      const other = new Map([
        [a, b],
        [b, a],
      ])
      yield all.map((at) => gap(at) + tokenText(source, other.get(at) ?? at)).join('')
    }
}
