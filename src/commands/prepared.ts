import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandGrammar } from './command-line.ts'

/** What can be said of a verb without loading it. The build writes it from the class of the verb. */
export interface PreparedVerb {
  readonly grammar: CommandGrammar
  /** Its help by the width of the terminal, with the codes of bold and underlined words. */
  readonly help: Readonly<Record<string, string>>
}

/** The widths for which the build writes help; for all others it is rendered when it is asked for. */
export const HELP_WIDTHS: readonly number[] = [80, 100]

/** Null for a program that runs from its source, where nothing is prepared. */
export function preparedVerb(verb: string): PreparedVerb | null {
  try {
    // The build writes these files, so they have the right form.
    return JSON.parse(readFileSync(join(import.meta.dirname, '../prepared', `${verb}.json`), 'utf8')) as PreparedVerb
  } catch {
    return null
  }
}

/** The help of a verb, as its class would render it; null if it has to do so. */
export function preparedHelp({ help }: PreparedVerb, columns: number | undefined, styled: boolean): string | null {
  const text = help[helpWidth(columns)]
  if (text === undefined) return null
  return styled ? text : text.replaceAll(/\x1b\[\d+m/g, '')
}

/** How wide help is on a terminal of so many columns; undefined: it is not printed on a terminal. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(columns ?? 100, 100)
}
