import { byteString, bytesOf, isBinary } from '../patch/index.ts'

/** A text file split so that every byte can be restored: lines without their ends, and the ends next to them. */
export interface TextFile {
  readonly bom: string
  readonly lines: readonly string[]
  /** '\n' or '\r\n' for each line; '' only for a last line without a line end. */
  readonly ends: readonly string[]
  /** The line end that most lines have; '\n' if there is none. */
  readonly end: string
  /** What is not valid UTF-8 is read byte by byte, as Latin-1. */
  readonly encoding: 'utf-8' | 'latin-1'
}

/** Null = binary (contains a NUL byte). */
export function readText(bytes: Uint8Array): TextFile | null {
  if (isBinary(bytes)) return null
  const { string, encoding } = decode(bytes)
  const bom = string.startsWith('\uFEFF') ? '\uFEFF' : ''
  const lines: string[] = []
  const ends: string[] = []
  let from = bom.length
  while (from < string.length) {
    const feed = string.indexOf('\n', from)
    const to = feed < 0 ? string.length : feed
    const crlf = feed > from && string.charAt(feed - 1) === '\r'
    lines.push(string.slice(from, crlf ? to - 1 : to))
    ends.push(feed < 0 ? '' : crlf ? '\r\n' : '\n')
    from = to + 1
  }
  const crlfs = ends.filter((end) => end === '\r\n').length
  return { bom, lines, ends, end: crlfs > ends.length / 2 ? '\r\n' : '\n', encoding }
}

function decode(bytes: Uint8Array): { string: string; encoding: TextFile['encoding'] } {
  try {
    return { string: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { string: byteString(bytes), encoding: 'latin-1' }
  }
}

/** Null = the text contains a character that the encoding of the file does not have. */
export function encodeText(string: string, encoding: TextFile['encoding']): Uint8Array | null {
  if (encoding === 'utf-8') return new TextEncoder().encode(string)
  return /^[\u0000-\u00ff]*$/.test(string) ? bytesOf(string) : null
}

export function hasFinalNewline(text: TextFile): boolean {
  return text.ends.at(-1) !== ''
}
