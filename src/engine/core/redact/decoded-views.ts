/** Bytes decoded from some notation. */
export interface DecodedView {
  readonly bytes: Uint8Array
  /** The offset in the original bytes of byte `at` of the view. */
  origin(at: number): number
}

/**
 * Decodes a notation at one place: how many bytes it takes and which byte they mean; null for a byte that is not part of the
 * notation.
 */
type DecodeNotation = (bytes: Uint8Array, at: number) => { readonly took: number; readonly byte: number } | null

const LF = 0x0a
const CR = 0x0d
const BLANK = 0x20
const TAB = 0x09

/**
 * Other ways to read a text: without line breaks and leading blanks (PEM, wrapped base64), with %XX decoded, with backslash
 * escapes decoded, with character references decoded. Only notations whose sign occurs are tried.
 */
export function decodedViews(bytes: Uint8Array): DecodedView[] {
  const readings: (readonly [sign: number, DecodeNotation])[] = [
    [LF, () => null],
    [0x25, percent],
    [0x5c, backslash],
    [0x26, reference],
  ]
  return readings.flatMap(([sign, read]) => (bytes.includes(sign) ? view(bytes, sign, read) : []))
}

/** Most bytes are not escaped: they are copied in runs, and only the start of each run is remembered. */
function view(bytes: Uint8Array, sign: number, read: DecodeNotation): DecodedView {
  const seen = new Uint8Array(bytes.length)
  const starts: number[] = []
  const origins: number[] = []
  const runEnd = stops(bytes, sign)
  let length = 0
  const copy = (from: number, to: number) => {
    if (to <= from) return
    starts.push(length)
    origins.push(from)
    if (to - from > SHORT) seen.set(bytes.subarray(from, to), length)
    else for (let at = from; at < to; at++) seen[length + at - from] = bytes[at] ?? 0
    length += to - from
  }
  for (let at = 0; at < bytes.length; ) {
    const from = at
    at = runEnd(at)
    copy(from, at)
    if (at === bytes.length) break
    const meant = bytes[at] === sign ? read(bytes, at) : null
    const byte = meant ? meant.byte : bytes[at]
    const took = meant ? meant.took : 1
    if (byte === LF || byte === CR) at = afterBlanks(bytes, at + took)
    else {
      copy(at, at + 1)
      seen[length - 1] = byte ?? 0
      at += took
    }
  }
  return { bytes: seen.subarray(0, length), origin: (at) => originOf(starts, origins, at) }
}

/** Up to this many bytes, copying in a loop is faster. */
const SHORT = 24

/** Returns the next sign or line break at or after `at`; call it with increasing `at`. */
function stops(bytes: Uint8Array, sign: number): (at: number) => number {
  const next = [...new Set([sign, LF, CR])].map((byte) => ({ byte, stands: -1 }))
  return (at) => {
    let end = bytes.length
    for (const one of next) {
      if (one.stands < at) {
        const found = bytes.indexOf(one.byte, at)
        one.stands = found < 0 ? bytes.length : found
      }
      if (one.stands < end) end = one.stands
    }
    return end
  }
}

function afterBlanks(bytes: Uint8Array, at: number): number {
  let next = at
  while (bytes[next] === BLANK || bytes[next] === TAB) next++
  return next
}

function originOf(starts: readonly number[], origins: readonly number[], at: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return (origins[low] ?? 0) + at - (starts[low] ?? 0)
}

const percent: DecodeNotation = (bytes, at) => {
  const byte = hex(bytes, at + 1, 2)
  return byte === null ? null : { took: 3, byte }
}

const ESCAPES: Readonly<Record<string, number>> = { n: LF, r: CR, t: TAB, b: 8, f: 12, '0': 0, a: 7, v: 11 }

const backslash: DecodeNotation = (bytes, at) => {
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

const reference: DecodeNotation = (bytes, at) => {
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
