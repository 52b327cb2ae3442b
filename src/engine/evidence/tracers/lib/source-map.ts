import { decode } from '@jridgewell/sourcemap-codec'
import * as z from 'zod'

/** One step of a source map: an offset in the generated text, and the line (from 1) of a source that begins there. */
export interface SourceMapSegment {
  readonly offset: number
  readonly source: number
  readonly line: number
}

/** Reads `mappings` of a source map (ECMA-426); `lineLengths` are those of the generated text. */
export function sourceMapSegments(mappings: string, lineLengths: readonly number[]): SourceMapSegment[] {
  const found: SourceMapSegment[] = []
  let start = 0
  for (const [at, row] of decode(mappings).entries()) {
    for (const [column, source, line] of row)
      if (source !== undefined && line !== undefined) found.push({ offset: start + column, source, line: line + 1 })
    start += (lineLengths[at] ?? 0) + 1
  }
  return found
}

const InlineMap = z.object({ mappings: z.string(), sources: z.array(z.string().nullable()) })

/** The source map that a script holds itself as a data URL, in the shape that Node's own cache has; null: it cannot be read. */
export function inlineSourceMap(
  url: string,
  text: string,
): { readonly lineLengths: number[]; readonly data: z.infer<typeof InlineMap> } | null {
  const [, base64, data] = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url) ?? []
  if (data === undefined) return null
  try {
    const json = base64 ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data)
    return { lineLengths: text.split('\n').map(({ length }) => length), data: InlineMap.parse(JSON.parse(json)) }
  } catch {
    return null
  }
}
