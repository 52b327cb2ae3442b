import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { isPlainAssignment } from '../statement-line.ts'
import { endsOperand, operandEnd, operandStart, sameLine, textBetween, tokenText } from '../tokenized-file.ts'

const BINARY: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '+': ['-', '*'],
    '-': ['+', '/'],
    '*': ['+', '/', '**', '-'],
    '/': ['//', '*', '%', '-'],
    '//': ['/', '%', '*'],
    '%': ['//', '/', '*'],
    '**': ['*'],
    '&': ['|', '^', '&&'],
    '|': ['&', '^', '||'],
    '^': ['&', '|', '**'],
    '<<': ['>>'],
    '>>': ['<<'],
  }),
)
const PYTHON_ONLY = new Set(['//', '**'])
const C_ONLY = new Set(['&&', '||'])

/** Another operator between two operands, the operands in reverse order, or one of them alone. */
export const operator: RepairTemplate = function* (site) {
  const { source, at } = site
  const others = BINARY.get(tokenText(source, at))
  if (others === undefined || !endsOperand(source, at - 1)) return
  for (const [index, other] of others.entries()) {
    if ((source.family === 'python' ? C_ONLY : PYTHON_ONLY).has(other)) continue
    yield replaceTokens(site, at, at, other, 'operator.near', index === 0 ? 1 : 0.5)
  }
  for (const other of ['+', '-', '*', '/', '%', '//', '**']) {
    if (
      others.includes(other) ||
      other === tokenText(source, at) ||
      (source.family !== 'python' && PYTHON_ONLY.has(other))
    )
      continue
    yield replaceTokens(site, at, at, other, 'operator.far')
  }
  yield* operands(site)
}

const SWAPPED = new Set(['+', '-', '/', '//', '%', '**', '<<', '>>'])

/** `b - a` for `a - b`, `a` or `b` for `a + b`. */
function* operands(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const [left, right] = [operandStart(source, at - 1), operandEnd(source, at + 1)]
  if (left === null || right === null || !sameLine(source, at + 1)) return
  const [a, b] = [textBetween(source, left, at - 1), textBetween(source, at + 1, right)]
  if (SWAPPED.has(tokenText(source, at)) && a !== b) {
    yield replaceTokens(
      site,
      left,
      right,
      `${b} ${tokenText(source, at)} ${a}`,
      'operand.swap',
      tokenText(source, at) === '+' ? 0.5 : 1,
    )
  }
  yield replaceTokens(site, left, right, a, 'operand.drop')
  yield replaceTokens(site, left, right, b, 'operand.drop')
}

const ASSIGNING: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '+=': ['-=', '=', '*='],
    '-=': ['+=', '=', '/='],
    '*=': ['+=', '=', '/='],
    '/=': ['*=', '-=', '%='],
    '//=': ['/=', '%=', '-='],
    '%=': ['/=', '-='],
    '&=': ['|=', '^='],
    '|=': ['&=', '^='],
    '^=': ['&=', '|='],
    '<<=': ['>>='],
    '>>=': ['<<='],
    '=': ['+=', '-=', '*='],
    '++': ['--'],
    '--': ['++'],
  }),
)

/** `-=` for `+=`, `=` for `+=`, `--` for `++`. */
export const assignment: RepairTemplate = function* (site) {
  const { source, at } = site
  const text = tokenText(source, at)
  // The `=` of a default value is not an assignment, and an assignment with two targets allows no other operator.
  if (text === '=' && !isPlainAssignment(source, at)) return
  for (const [index, other] of (ASSIGNING.get(text) ?? []).entries()) {
    yield replaceTokens(site, at, at, other, text === '=' ? 'assign.plain' : 'assign.augmented', index === 0 ? 1 : 0.6)
  }
  if (!/^[-+*/%]+=$/.test(text)) return
  for (const other of source.family === 'python' ? ['//=', '%=', '**=', '/=', '*='] : ['%=', '/=', '*=']) {
    if (other !== text && !ASSIGNING.get(text)?.includes(other)) yield replaceTokens(site, at, at, other, 'assign.far')
  }
}
