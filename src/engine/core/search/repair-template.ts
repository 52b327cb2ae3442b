import type { RepairIngredients } from './repair-ingredients.ts'
import { isKeyword, sameLine, type TokenizedFile, tokenText } from './tokenized-file.ts'

/** A token that may be wrong, and its surroundings. */
export interface RepairSite {
  readonly source: TokenizedFile
  readonly at: number
  readonly around: RepairIngredients
  /** The token is assigned here, so only another name can replace it. */
  readonly target: boolean
}

/** Replaces the characters from `start` to `end` by `text`. */
export interface TokenRewrite {
  readonly start: number
  readonly end: number
  readonly text: string
  /** The key of its weight in the table. */
  readonly rule: string
  /** Below 1 for less likely rewrites of the same rule. */
  readonly factor?: number
}

/** One way in which programs are wrong: all rewrites of one site, best first. */
export type RepairTemplate = (site: RepairSite) => Iterable<TokenRewrite>

/** Replaces the tokens from `first` through `last` by another text. */
export function replaceTokens(
  site: RepairSite,
  first: number,
  last: number,
  text: string,
  rule: string,
  factor = 1,
): TokenRewrite {
  const { tokens } = site.source
  return { start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? 0, text, rule, factor }
}

/** Inserts a text directly after a token. */
export function insertAfter(site: RepairSite, at: number, text: string, rule: string, factor = 1): TokenRewrite {
  const end = site.source.tokens[at]?.end ?? 0
  return { start: end, end, text, rule, factor }
}

/** True if nothing is called, indexed or read from the operand that ends here. */
export function isWholeOperand({ source, at }: RepairSite): boolean {
  const next = tokenText(source, at + 1)
  return (
    !sameLine(source, at + 1) ||
    [')', ',', ':', ']', '+', 'if', 'for'].includes(next) ||
    (isKeyword(source, at + 1) && next !== 'in')
  )
}
