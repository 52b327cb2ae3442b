import type { FunctionSlice } from '../../model/trace.ts'
import { fileExcerpts } from './file-excerpts.ts'
import { lineRange, linesAround, textLines } from './lines.ts'

/** What is shown because an answer asked for it. All texts are redacted. */
export interface AskedCode {
  readonly places: readonly {
    readonly path: string
    readonly line: number | null
    readonly slice: FunctionSlice | null
  }[]
  readonly texts: ReadonlyMap<string, string>
  /** What the answer named and may not be shown, or is not there: both are told in the same words. */
  readonly missing: readonly string[]
}

/** In lines: how much is shown around a line that was asked for, and of a file that does not fit. */
const AROUND = 25
const HEAD = 60

/** The part of a prompt that answers what earlier answers asked for, the last one first; '' if they asked for nothing. */
export function askedPart(asked: readonly AskedCode[], room: number): string {
  const texts = new Map(asked.toReversed().flatMap((one) => [...one.texts]))
  const shown = fileExcerpts(texts, 'FILE', room)
  for (const { path, line, slice } of asked.flatMap(({ places }) => places)) {
    const text = texts.get(path) ?? ''
    const whole = lineRange(1, textLines(text).length)
    const part = slice ? lineRange(slice.start, slice.end) : line === null ? whole : linesAround(text, line, AROUND)
    const marked = line === null ? [] : [line]
    if (!shown.add(path, part, marked)) shown.add(path, part.slice(0, HEAD), marked)
  }
  const missing = [...new Set(asked.flatMap((one) => one.missing))]
  const parts = shown.paths().length === 0 ? [] : ['You asked to see this:', ...shown.print()]
  if (missing.length > 0) parts.push(`Not available: ${missing.join(', ')}`)
  return parts.join('\n\n')
}
