/** Bytes as a reader of some notation would see them; `starts[i]` = where byte i comes from. */
export interface View {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
}

/** Reads a notation at one place: how many bytes it takes and which byte they mean, or null for a byte that means itself. */
type Reading = (bytes: Uint8Array, at: number) => { readonly took: number; readonly byte: number } | null

const LF = 0x0a
const CR = 0x0d
const BLANK = 0x20
const TAB = 0x09

/**
 * The other ways to read a text: without line breaks and the blanks that start a line (PEM, wrapped base64), with %XX, with
 * backslash escapes, with character references resolved. Only those whose sign occurs.
 */
export function views(bytes: Uint8Array): View[] {
  const readings: (readonly [sign: number, Reading])[] = [
    [LF, () => null],
    [0x25, percent],
    [0x5c, backslash],
    [0x26, reference],
  ]
  return readings.flatMap(([sign, read]) => (bytes.includes(sign) ? view(bytes, sign, read) : []))
}

function view(bytes: Uint8Array, sign: number, read: Reading): View {
  const seen = new Uint8Array(bytes.length)
  const starts = new Uint32Array(bytes.length)
  let length = 0
  let lineStart = false
  for (let at = 0; at < bytes.length; ) {
    const plain = bytes[at] ?? 0
    const meant = plain === sign ? read(bytes, at) : null
    const byte = meant ? meant.byte : plain
    const broken = byte === LF || byte === CR
    if (broken) lineStart = true
    else if (!lineStart || (byte !== BLANK && byte !== TAB)) {
      lineStart = false
      seen[length] = byte
      starts[length++] = at
    }
    at += meant ? meant.took : 1
  }
  return { bytes: seen.subarray(0, length), starts: starts.subarray(0, length) }
}

const percent: Reading = (bytes, at) => {
  const byte = hex(bytes, at + 1, 2)
  return byte === null ? null : { took: 3, byte }
}

const ESCAPES: Readonly<Record<string, number>> = { n: LF, r: CR, t: TAB, b: 8, f: 12, '0': 0, a: 7, v: 11 }

const backslash: Reading = (bytes, at) => {
  const letter = String.fromCharCode(bytes[at + 1] ?? 0)
  if (letter === 'u' || letter === 'x') {
    const digits = letter === 'u' ? 4 : 2
    const byte = hex(bytes, at + 2, digits)
    return byte === null || (letter === 'u' && byte > 0x7f) ? null : { took: 2 + digits, byte }
  }
  const byte = ESCAPES[letter]
  if (byte !== undefined) return { took: 2, byte }
  return /[\\"'`/$!&;|<>()[\]{}*?#~= @%+,:-]/.test(letter) ? { took: 2, byte: letter.charCodeAt(0) } : null
}

const REFERENCES: readonly (readonly [string, number])[] = [
  ['&amp;', 0x26],
  ['&lt;', 0x3c],
  ['&gt;', 0x3e],
  ['&quot;', 0x22],
  ['&apos;', 0x27],
  ['&#39;', 0x27],
  ['&#34;', 0x22],
  ['&#x27;', 0x27],
  ['&#x22;', 0x22],
  ['&#xA;', LF],
  ['&#10;', LF],
]

const reference: Reading = (bytes, at) => {
  const found = REFERENCES.find(([name]) => spelled(bytes, at, name))
  return found ? { took: found[0].length, byte: found[1] } : null
}

function spelled(bytes: Uint8Array, at: number, name: string): boolean {
  for (let n = 1; n < name.length; n++) if (bytes[at + n] !== name.charCodeAt(n)) return false
  return true
}

function hex(bytes: Uint8Array, at: number, digits: number): number | null {
  let value = 0
  for (let n = 0; n < digits; n++) {
    const digit = hexDigit(bytes[at + n] ?? 0)
    if (digit < 0) return null
    value = value * 16 + digit
  }
  return value
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
