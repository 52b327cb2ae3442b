import type { Around } from './around.ts'
import { isKeyword, type Source, sameLine, word } from './shape.ts'

/** A token that may be wrong, and what stands around it. */
export interface Site {
  readonly source: Source
  readonly at: number
  readonly around: Around
  /** It is given a value here, so only another name can stand in its place. */
  readonly target: boolean
}

/** `text` in the place of the characters from `start` to `end`. */
export interface Rewrite {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Which weight of the table it has. */
  readonly rule: string
  /** Below 1 for the less likely ones of one rule. */
  readonly factor?: number
}

/** One way in which programs are wrong: all rewrites of one site, best first. */
export type Template = (site: Site) => Iterable<Rewrite>

/** Another text for the tokens from `first` through `last`. */
export function put(site: Site, first: number, last: number, text: string, rule: string, factor = 1): Rewrite {
  const { tokens } = site.source
  return { start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? 0, text, rule, factor }
}

/** A text right after a token. */
export function after(site: Site, at: number, text: string, rule: string, factor = 1): Rewrite {
  const end = site.source.tokens[at]?.end ?? 0
  return { start: end, end, text, rule, factor }
}

/** True when nothing is called, indexed or read from what ends here. */
export function isWhole({ source, at }: Site): boolean {
  const next = word(source, at + 1)
  return (
    !sameLine(source, at + 1) ||
    [')', ',', ':', ']', '+', 'if', 'for'].includes(next) ||
    (isKeyword(source, at + 1) && next !== 'in')
  )
}
