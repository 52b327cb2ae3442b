import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { bracketParts, endsOperand, isName, type TokenizedFile, textBetween, tokenText } from '../tokenized-file.ts'

/** Arguments of functions of the same file: one that was not handed on, or that is for another parameter. */
export const keyword: RepairTemplate = function* (site) {
  const { source, at } = site
  if (tokenText(source, at) !== '(' || !isName(source, at - 1) || !endsOperand(source, at - 1)) return
  if (['def', 'function', 'func', 'fn', 'class'].includes(tokenText(source, at - 2))) return
  const close = source.pairs[at] ?? -1
  if (close < at) return
  const parameters = parametersOf(source, tokenText(source, at - 1))
  if (parameters === null) return
  const given = bracketParts(source, at)
  const inner = given.length === 0 ? '' : textBetween(source, at + 1, close - 1)
  if (source.family === 'python') yield* named(site, { close, parameters, given, inner })
  // One that has the name of a parameter which this call leaves out.
  const next = parameters[given.length]
  const more = inner === '' ? '' : `${inner}, `
  if (next !== undefined)
    for (const name of site.around.scope.variables.keys())
      yield replaceTokens(site, at, close, `(${more}${name})`, 'keyword.add', name === next ? 1 : 0.3)
}

interface GivenArguments {
  readonly close: number
  readonly parameters: readonly string[]
  readonly given: readonly (readonly [first: number, last: number])[]
  readonly inner: string
}

function* named(site: RepairSite, { close, parameters, given, inner }: GivenArguments): Generator<TokenRewrite> {
  const { source, at } = site
  const more = inner === '' ? '' : `${inner}, `
  for (const parameter of parameters.slice(given.length)) {
    if (inner.includes(`${parameter}=`)) continue
    if (site.around.scope.variables.has(parameter))
      yield replaceTokens(site, at, close, `(${more}${parameter}=${parameter})`, 'keyword.add')
    for (const value of ['True', 'False', 'None'])
      yield replaceTokens(site, at, close, `(${more}${parameter}=${value})`, 'keyword.add', 0.3)
  }
  for (const [index, [first, last]] of given.entries()) {
    const isNamed = tokenText(source, first + 1) === '=' && last > first + 1
    for (const parameter of parameters.slice(isNamed ? 0 : index)) {
      if (inner.includes(`${parameter}=`)) continue
      const value = isNamed ? textBetween(source, first + 2, last) : textBetween(source, first, last)
      if (isNamed || index === given.length - 1)
        yield replaceTokens(site, first, last, `${parameter}=${value}`, 'keyword.name', 0.6)
    }
  }
}

/** The parameters of the only function of this name in the file, without its receiver; null: there is none, or several. */
function parametersOf(source: TokenizedFile, name: string): readonly string[] | null {
  let found: readonly string[] | null = null
  for (const [at, token] of source.tokens.entries()) {
    if (token.text !== name || tokenText(source, at + 1) !== '(') continue
    if (!['def', 'function'].includes(tokenText(source, at - 1))) continue
    if (found !== null) return null
    const all = bracketParts(source, at + 1).map(([first]) => tokenText(source, first))
    found = all.filter((one, index) => !(index === 0 && ['self', 'cls'].includes(one)) && /^\w+$/.test(one))
  }
  return found
}
