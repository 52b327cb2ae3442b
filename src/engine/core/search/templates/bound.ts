import {
  insertAfter,
  type RepairSite,
  type RepairTemplate,
  replaceTokens,
  type TokenRewrite,
} from '../repair-template.ts'
import { endsOperand, isKeyword, isMember, isName, sameLine, type TokenizedFile, tokenText } from '../tokenized-file.ts'

/** Adds or subtracts one at the end of an operand, or removes a wrong `+ 1`. */
export const bound: RepairTemplate = function* (site) {
  const { source, at } = site
  yield* dropped(site)
  yield* inBrackets(site)
  if (site.target || !isEnd(source, at)) return
  const inner = tokenText(source, at + 1) === '+' || tokenText(source, at + 1) === '-'
  const rule = inner ? 'bound.inner' : isBound(source, at) ? 'bound.limit' : 'bound.value'
  yield insertAfter(site, at, ' + 1', rule)
  yield insertAfter(site, at, ' - 1', rule)
}

const BINDING = new Set(['*', '/', '//', '%', '**'])

/** `n * (m + 1)` for `n * m`. */
function* inBrackets(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  if (site.target || !isName(source, at) || isMember(source, at)) return
  const [before, after] = [tokenText(source, at - 1), tokenText(source, at + 1)]
  if (!(BINDING.has(before) || BINDING.has(after)) || ['(', '[', '.'].includes(after)) return
  for (const step of ['+ 1', '- 1'])
    yield replaceTokens(site, at, at, `(${tokenText(source, at)} ${step})`, 'bound.bracket')
}

function* dropped(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const text = tokenText(source, at)
  if ((text !== '+' && text !== '-') || tokenText(source, at + 1) !== '1' || !endsOperand(source, at - 1)) return
  const start = source.tokens[at - 1]?.end ?? 0
  yield { start, end: source.tokens[at + 1]?.end ?? start, text: '', rule: 'bound.drop' }
}

const CLOSERS = new Set(') ] , : < > <= >= == != ; } if else and or && || + -'.split(' '))

/** Whether an operand ends here: at a bracket, a comma, a comparison or the end of the line. */
function isEnd(source: TokenizedFile, at: number): boolean {
  const text = tokenText(source, at)
  if (!(isName(source, at) || ((text === ')' || text === ']') && (source.pairs[at] ?? -1) > 0))) return false
  if (text === ')' && isKeyword(source, (source.pairs[at] ?? at) - 1)) return false
  return CLOSERS.has(tokenText(source, at + 1)) || !sameLine(source, at + 1)
}

/** Whether a number is a limit here: inside an index, a slice or a call, or next to a comparison. */
function isBound(source: TokenizedFile, at: number): boolean {
  const next = tokenText(source, at + 1)
  const open = source.pairs[at + 1] ?? -1
  if (next === ']') return tokenText(source, open - 1) !== '' && !isMember(source, at)
  return (
    next === ':' || ['<', '>', '<=', '>='].includes(next) || (next === ')' && tokenText(source, open - 1) === 'range')
  )
}
