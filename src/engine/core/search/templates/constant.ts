import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { endsOperand, tokenText } from '../tokenized-file.ts'

const OPPOSITE: ReadonlyMap<string, string> = new Map(
  Object.entries({ True: 'False', False: 'True', true: 'false', false: 'true' }),
)

/** Another number, the other truth value, or a value in a place where there is none. */
export const constant: RepairTemplate = function* (site) {
  const { source, at } = site
  const token = source.tokens[at]
  if (token === undefined) return
  const opposite = OPPOSITE.get(token.text)
  if (opposite !== undefined) yield replaceTokens(site, at, at, opposite, 'constant.truth')
  if (token.kind === 'number') yield* number(site)
  if (['None', 'null', 'nil'].includes(token.text)) {
    for (const text of ['0', '1', source.family === 'python' ? 'True' : 'true', '""']) {
      yield replaceTokens(site, at, at, text, 'constant.none')
    }
  }
  if (token.kind === 'number' || OPPOSITE.has(token.text) || token.text === 'None') {
    for (const name of site.around.scope.variables.keys()) yield replaceTokens(site, at, at, name, 'constant.variable')
  }
  if (token.text === '[' && tokenText(source, at + 1) === ']' && !endsOperand(source, at - 1)) {
    yield replaceTokens(site, at, at + 1, '[[]]', 'constant.list')
    yield replaceTokens(site, at, at + 1, '[0]', 'constant.list', 0.5)
    yield replaceTokens(site, at, at + 1, '[1]', 'constant.list', 0.5)
    for (const name of site.around.scope.variables.keys())
      yield replaceTokens(site, at, at + 1, `[${name}]`, 'constant.list', 0.7)
  }
}

function* number(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const text = tokenText(source, at)
  if (!/^\d+(\.\d*)?$/.test(text)) return
  const value = Number(text)
  const point = text.includes('.')
  const say = (other: number): string => (point && Number.isInteger(other) ? `${other}.0` : String(other))
  const near = value === 0 ? [1, -1] : [value - 1, value + 1]
  for (const other of near) yield replaceTokens(site, at, at, say(other), 'constant.near')
  // The codes of the first and last letters and digits, and of what follows them.
  if (!point && value > 32 && value < 128)
    for (const other of LETTERS)
      if (other !== value && !near.includes(other)) yield replaceTokens(site, at, at, say(other), 'constant.letter')
  for (const other of new Set([0, 1, 2, -1, -value, value * 10, value / 10, value * 2])) {
    if (other === value || near.includes(other) || !(Number.isInteger(other) || point)) continue
    yield replaceTokens(site, at, at, say(other), 'constant.far', other === 0 || other === 1 ? 1 : 0.6)
  }
}

const LETTERS = [47, 48, 57, 58, 64, 65, 90, 91, 96, 97, 122, 123]

const COUNTERPARTS = '()[]{}<> +-*/% ,;:. \'" AZ az 09 10 LR lr UD ud NS EW YN yn'

/** The empty string, another string of the function, the same in another case or without its blanks. */
export const string: RepairTemplate = function* (site) {
  const { source, at } = site
  const token = source.tokens[at]
  const quoted = token?.kind === 'string' ? /^(\w{0,2})(["'`])(.*)\2$/.exec(token.text) : null
  if (quoted === null || token === undefined || /^\w*(?:"""|''')/.test(token.text)) return
  const [, prefix = '', quote = '"', inner = ''] = quoted
  const say = (text: string): string => `${prefix}${quote}${text}${quote}`
  const seen = new Set([inner])
  const variants = [
    inner.toLowerCase(),
    inner.toUpperCase(),
    inner.trim(),
    inner.replace(/^\W+|\W+$/g, ''),
    '',
    ' ',
    `${inner} `,
  ]
  for (const other of variants) {
    if (seen.has(other)) continue
    seen.add(other).add(say(other))
    yield replaceTokens(site, at, at, say(other), 'string.form')
  }
  const counterpart = COUNTERPARTS.split(' ').find((pair) => pair.includes(inner))
  if (inner.length === 1 && counterpart !== undefined) {
    for (const other of counterpart.replace(inner, ''))
      yield replaceTokens(site, at, at, say(other), 'string.counterpart')
  }
  for (const other of site.around.strings) {
    if (other !== token.text && !seen.has(other)) yield replaceTokens(site, at, at, other, 'string.other')
  }
}
