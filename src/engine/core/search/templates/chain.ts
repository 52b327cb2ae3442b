import { insertAfter, isWholeOperand, type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { isMember, isName, tokenText } from '../tokenized-file.ts'

/** The receiver of a method, by its name in the languages that have one. */
const RECEIVERS = ['self', 'this']

/** A call without its brackets, brackets after a method that is only named, a member left out of a chain, `self.x` and `x`. */
export const chain: RepairTemplate = function* (site) {
  const { source, at } = site
  if (!isName(source, at) && !RECEIVERS.includes(tokenText(source, at))) return
  const next = tokenText(source, at + 1)
  if (isMember(source, at)) {
    if (next === '(' && tokenText(source, at + 2) === ')') yield replaceTokens(site, at + 1, at + 2, '', 'chain.call')
    else if (!site.target && isWholeOperand(site)) yield insertAfter(site, at, '()', 'chain.call')
    // The last member stays: without it, little is left of the meaning.
    if (next === '.') yield replaceTokens(site, at, at + 1, '', 'chain.member')
    else if (next === '(' && tokenText(source, (source.pairs[at + 1] ?? at) + 1) === '.')
      yield replaceTokens(site, at - 1, source.pairs[at + 1] ?? at, '', 'chain.member')
    return
  }
  const { attributes } = site.around.scope
  if (RECEIVERS.includes(tokenText(source, at)) && next === '.' && !site.target)
    yield replaceTokens(site, at, at + 1, '', 'chain.receiver')
  const receiver = source.family === 'python' ? 'self' : 'this'
  if (next !== '(' && attributes.has(tokenText(source, at)))
    yield replaceTokens(site, at, at, `${receiver}.${tokenText(source, at)}`, 'chain.receiver')
}
