import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { tokenText } from '../tokenized-file.ts'

const MOST_EACH = 12

/** What comments and documentation of the file say: a word that is spelled otherwise, a string or a number of an example. */
export const documented: RepairTemplate = function* (site) {
  const { source, at } = site
  const token = source.tokens[at]
  const { words, strings, numbers } = site.around.documented
  if (token?.kind === 'number')
    for (const text of numbers.slice(0, MOST_EACH))
      if (text !== token.text) yield replaceTokens(site, at, at, text, 'documented.value')
  const quoted = token?.kind === 'string' ? /^(\w{0,2})(["'`])(.*)\2$/.exec(token.text) : null
  if (quoted === null) return
  const [, prefix = '', quote = '"', inner = ''] = quoted
  if (/["'`\n]/.test(inner)) return
  for (const other of strings.slice(0, MOST_EACH))
    if (other !== inner && !other.includes(quote))
      yield replaceTokens(site, at, at, `${prefix}${quote}${other}${quote}`, 'documented.value')
  for (const found of inner.match(/[A-Za-z]{4,}/g) ?? [])
    for (const word of words) {
      const distance = word === found ? 0 : editDistance(word, found)
      if (distance === 0 || distance > 2) continue
      const text = `${prefix}${quote}${inner.replace(found, word)}${quote}`
      yield replaceTokens(site, at, at, text, 'documented.spelling', 1 / distance)
    }
  yield* unquoted(site, inner)
}

/** A name that stands in quotes. */
function* unquoted(site: RepairSite, inner: string): Generator<TokenRewrite> {
  const { source, at, around } = site
  if (!around.scope.variables.has(inner) || tokenText(source, at + 1) === ':') return
  yield replaceTokens(site, at, at, inner, 'documented.unquoted')
  const bytes = source.family === 'python' ? 'encode()' : 'toString()'
  yield replaceTokens(site, at, at, `${inner}.${bytes}`, 'documented.unquoted', 0.5)
}

/** How many characters have to be changed, added or left out. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, one] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (one === other ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 3
}
