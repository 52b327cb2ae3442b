import { operandAt } from '../repair-ingredients.ts'
import { insertAfter, type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { endsOperand, isFixedWord, sameLine, tokenText } from '../tokenized-file.ts'

/** Replaces an expression that is called, indexed or read from by another expression of the same function. */
export const expression: RepairTemplate = function* (site) {
  const { source, at } = site
  const own = operandAt(source, at)
  // Calls and literals cannot be assigned, and what is declared must be a name.
  if (own === null || (site.target && sameLine(source, at))) return
  for (const [text, compound] of site.around.operands) {
    if (text === own.text || (!compound && own.end === at)) continue
    if (site.target && (text.endsWith(')') || isFixedWord(text))) continue
    yield replaceTokens(site, at, own.end, text, 'donor.expression', own.end === at ? 0.5 : 1)
  }
  if (own.end === at || site.target) return
  // A parameter that the body does not use yet, too.
  for (const name of site.around.scope.variables.keys())
    if (!site.around.operands.has(name)) yield replaceTokens(site, at, own.end, name, 'donor.expression')
}

/** Adds one more variable: `x - y` for `x`. */
export const addend: RepairTemplate = function* (site) {
  const { source, at } = site
  const token = source.tokens[at]
  if (site.target) return
  if (token?.kind !== 'word' && token?.text !== ')' && token?.text !== ']') return
  if (
    !endsOperand(source, at) ||
    !(['', ')', ']', ','].includes(tokenText(source, at + 1)) || !sameLine(source, at + 1))
  )
    return
  for (const [name, use] of site.around.scope.variables) {
    if (name === tokenText(source, at)) continue
    const factor = use.ways.has('number') ? 1 : 0.4
    yield insertAfter(site, at, ` - ${name}`, 'donor.addend', factor)
    yield insertAfter(site, at, ` + ${name}`, 'donor.addend', factor)
    yield insertAfter(site, at, ` * ${name}`, 'donor.addend', factor * 0.4)
  }
  yield insertAfter(site, at, ' ** 2', 'donor.addend', 0.4)
}
