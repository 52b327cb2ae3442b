import type { RepairIngredients } from './repair-ingredients.ts'
import { isKeyword, sameLine, type TokenizedFile, tokenText } from './tokenized-file.ts'

/** A token that may be wrong, and what stands around it. */
export interface RepairSite {
  readonly source: TokenizedFile
  readonly at: number
  readonly around: RepairIngredients
  /** It is given a value here, so only another name can stand in its place. */
  readonly target: boolean
}

/** `text` in the place of the characters from `start` to `end`. */
export interface TokenRewrite {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Which weight of the table it has. */
  readonly rule: string
  /** Below 1 for the less likely ones of one rule. */
  readonly factor?: number
}

/** One way in which programs are wrong: all rewrites of one site, best first. */
export type RepairTemplate = (site: RepairSite) => Iterable<TokenRewrite>

/** Another text for the tokens from `first` through `last`. */
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

/** A text right after a token. */
export function insertAfter(site: RepairSite, at: number, text: string, rule: string, factor = 1): TokenRewrite {
  const end = site.source.tokens[at]?.end ?? 0
  return { start: end, end, text, rule, factor }
}

/** True when nothing is called, indexed or read from what ends here. */
export function isWholeOperand({ source, at }: RepairSite): boolean {
  const next = tokenText(source, at + 1)
  return (
    !sameLine(source, at + 1) ||
    [')', ',', ':', ']', '+', 'if', 'for'].includes(next) ||
    (isKeyword(source, at + 1) && next !== 'in')
  )
}
