/** One step of a source map: an offset in the generated text, and the line (from 1) of a source that begins there. */
export interface SourceMapSegment {
  readonly offset: number
  readonly source: number
  readonly line: number
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Reads `mappings` of a source map, revision 3 (ECMA-426); `lineLengths` are those of the generated text. */
export function sourceMapSegments(mappings: string, lineLengths: readonly number[]): SourceMapSegment[] {
  const found: SourceMapSegment[] = []
  let start = 0
  let source = 0
  let line = 0
  for (const [at, row] of mappings.split(';').entries()) {
    let column = 0
    for (const part of row === '' ? [] : row.split(',')) {
      const [columns = 0, sources, lines] = numbers(part)
      column += columns
      if (sources === undefined || lines === undefined) continue
      source += sources
      line += lines
      found.push({ offset: start + column, source, line: line + 1 })
    }
    start += (lineLengths[at] ?? 0) + 1
  }
  return found
}

/**
 * Base 64 with five bits in each digit; the sixth bit means that more digits follow, and the lowest bit of the number is its
 * sign.
 */
function numbers(text: string): number[] {
  const found: number[] = []
  let value = 0
  let shift = 0
  for (const char of text) {
    const digit = DIGITS.indexOf(char)
    if (digit < 0 || shift > 30) return found
    value += (digit & 31) << shift
    shift += 5
    if (digit & 32) continue
    found.push(value & 1 ? -(value >>> 1) : value >>> 1)
    value = 0
    shift = 0
  }
  return found
}
