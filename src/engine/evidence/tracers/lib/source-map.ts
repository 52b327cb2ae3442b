import { decode } from '@jridgewell/sourcemap-codec'

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
