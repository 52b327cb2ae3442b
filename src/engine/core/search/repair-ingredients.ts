import type { DocumentedValues } from './documented-values.ts'
import { type NamesInScope, nameSortOf, scopeOf } from './names-in-scope.ts'
import { lineOf, opensBlock } from './statement-line.ts'
import {
  isKeyword,
  isMember,
  isName,
  operandEnd,
  type TokenizedFile,
  textBetween,
  tokenText,
} from './tokenized-file.ts'

/** The parts of a function that could be used at another place of it; the same for the code outside of functions. */
export interface RepairIngredients {
  readonly inFunction: boolean
  /** The indexes of its tokens. */
  readonly places: readonly number[]
  readonly scope: NamesInScope
  /** Its operands: text → whether it is more than a name. */
  readonly operands: ReadonlyMap<string, boolean>
  /** Its calls and assignments that fit on a line. */
  readonly statements: readonly SourceStatement[]
  /** Its short string literals, with quotes. */
  readonly strings: readonly string[]
  /** Of the whole file. */
  readonly documented: DocumentedValues
}

export interface SourceStatement {
  readonly line: number
  readonly text: string
  /** Its variables, with their offsets in `text`. */
  readonly names: readonly { readonly name: string; readonly start: number; readonly end: number }[]
}

const MAX_OPERANDS = 80
const MAX_STATEMENTS = 60
const MAX_STRINGS = 40

interface RegionFacts {
  /** The tokens in the heads of functions. */
  readonly heads: ReadonlySet<number>
  readonly inFunction: boolean
  readonly documented: DocumentedValues
}

export function repairIngredientsOf(
  source: TokenizedFile,
  places: readonly number[],
  { heads, inFunction, documented }: RegionFacts,
): RepairIngredients {
  const body = places.filter((at) => !heads.has(at))
  const operands = new Map<string, boolean>()
  const strings = new Set<string>()
  const statements: SourceStatement[] = []
  for (const at of body) {
    const token = source.tokens[at]
    if (token?.kind === 'string' && token.text.length <= 60) strings.add(token.text)
    const operand = operandAt(source, at)
    if (operand !== null) operands.set(operand.text, operand.end > at)
    const statement = inFunction ? statementAt(source, at) : null
    if (statement !== null) statements.push(statement)
  }
  return {
    inFunction,
    places,
    scope: scopeOf(source, places),
    operands: new Map([...operands].slice(0, MAX_OPERANDS)),
    statements: statements.slice(0, MAX_STATEMENTS),
    strings: [...strings].slice(0, MAX_STRINGS),
    documented,
  }
}

/**
 * The operand that begins here, with everything that is called, indexed or read from it; null if none begins here, or if it
 * is too long.
 */
export function operandAt(source: TokenizedFile, at: number): { text: string; end: number } | null {
  if (source.tokens[at]?.kind !== 'word' || isKeyword(source, at) || isMember(source, at)) return null
  const end = operandEnd(source, at)
  return end === null || end - at > 24 ? null : { text: textBetween(source, at, end), end }
}

function statementAt(source: TokenizedFile, at: number): SourceStatement | null {
  const line = isName(source, at) ? lineOf(source, at) : null
  if (line === null || opensBlock(source, line.last)) return null
  const from = line.start + line.indent.length
  const names = []
  for (let inside = at; inside <= line.last; inside++) {
    const token = source.tokens[inside]
    if (token === undefined || !isName(source, inside) || nameSortOf(source, inside) !== 'variables') continue
    names.push({ name: tokenText(source, inside), start: token.start - from, end: token.end - from })
  }
  return { line: source.tokens[at]?.line ?? 0, text: source.text.slice(from, line.end), names }
}
