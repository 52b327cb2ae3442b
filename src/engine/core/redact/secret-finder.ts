/** A value that must not be shown, and its name. */
export interface SecretValue {
  readonly name: string
  readonly value: string
}

/** A range of bytes to be hidden: [start, end). */
export interface SecretRange {
  readonly start: number
  readonly end: number
  readonly name: string
  /** The replacement text; if absent: `[redacted:NAME]`. */
  readonly as?: string
}

/** In characters. Shorter values are not searched for everywhere, because they occur in every output by chance. */
export const SHORTEST_SECRET = 8
/** In characters. Shorter base64 texts of a value are not searched for. */
const SHORTEST_BASE64 = 6
/** In bytes; a multiple of 3, for base64. Longer values are searched for in pieces, so that a part of a value is found, too. */
const PIECE = 48
const EQUALS = 0x3d

/** Finds all search strings in one pass. */
export interface SecretFinder {
  readonly longest: number
  /** Ranges in the order of their starts; they may overlap, as the pieces of a long value do. */
  find(bytes: Uint8Array): SecretRange[]
}

interface SearchString {
  readonly name: string
  readonly bytes: Uint8Array
  /** How many base64 characters directly before and after also hold some of its bits. */
  readonly before: 0 | 1
  readonly after: 0 | 1
}

/** Looks for each secret as it is, in UTF-16 (of ASCII text), in hex and in base64 (both alphabets, at each of the three alignments). */
export function secretFinder(secrets: readonly SecretValue[]): SecretFinder {
  const needles = secrets.flatMap(({ name, value }) => pieces(value).flatMap((piece) => spellings(name, piece)))
  const { firsts, buckets } = index(needles)
  return {
    longest: Math.max(0, ...needles.map((needle) => needle.bytes.length)),
    find(bytes) {
      const found: SecretRange[] = []
      let key = bytes[0] ?? 0
      for (let next = 1; next < bytes.length; next++) {
        key = ((key << 8) & 0xff00) | (bytes[next] as number)
        const bucket = firsts[key] as number
        if (bucket === 0) continue
        const hit = buckets[bucket - 1]?.find((needle) => standsAt(bytes, next - 1, needle.bytes))
        if (hit) found.push(range(bytes, next - 1, hit))
      }
      return found
    },
  }
}

function range(bytes: Uint8Array, at: number, { name, bytes: { length }, before, after }: SearchString): SecretRange {
  let end = Math.min(at + length + after, bytes.length)
  while (after === 1 && bytes[end] === EQUALS) end++
  return { start: Math.max(at - before, 0), end, name }
}

/** Search strings by their first two bytes, the longest first. */
function index(needles: readonly SearchString[]): { firsts: Uint16Array; buckets: SearchString[][] } {
  const firsts = new Uint16Array(65_536)
  const buckets: SearchString[][] = []
  for (const needle of [...needles].sort((a, b) => b.bytes.length - a.bytes.length)) {
    const key = ((needle.bytes[0] ?? 0) << 8) | (needle.bytes[1] ?? 0)
    if (firsts[key] === 0) firsts[key] = buckets.push([])
    buckets[(firsts[key] ?? 1) - 1]?.push(needle)
  }
  return { firsts, buckets }
}

function standsAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false
  for (let n = 2; n < needle.length; n++) if (bytes[at + n] !== needle[n]) return false
  return true
}

/** The parts of a value to search for: a short value as a whole, its long lines, and pieces of long texts. */
function pieces(value: string): Uint8Array[] {
  const trimmed = value.trim()
  const lines = trimmed.split(/\r?\n\s*/)
  const wholes =
    lines.length === 1 ? [trimmed] : [trimmed, lines.join(''), ...lines.filter((line) => line.length >= 20)]
  if (trimmed.includes(' ')) wholes.push(trimmed.replaceAll(' ', '+'))
  if (/[^\x00-\x7f]/.test(trimmed)) wholes.push(asciiJson(trimmed))
  return wholes.map((whole) => new TextEncoder().encode(whole)).flatMap(cut)
}

function cut(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length < SHORTEST_SECRET) return []
  if (bytes.length <= PIECE) return [bytes]
  const starts = Array.from({ length: Math.floor(bytes.length / PIECE) }, (_, n) => n * PIECE)
  return [...starts, bytes.length - PIECE].map((start) => bytes.subarray(start, start + PIECE))
}

function spellings(name: string, piece: Uint8Array): SearchString[] {
  const hex = [...piece].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const whole = (text: string) => ({ name, bytes: new TextEncoder().encode(text), before: 0, after: 0 }) as const
  return [
    { name, bytes: piece, before: 0, after: 0 },
    whole(hex),
    ...(/[a-f]/.test(hex) ? [whole(hex.toUpperCase())] : []),
    ...([0, 1, 2] as const).flatMap((lead) => base64At(name, piece, lead)),
    ...(piece.every((byte) => byte < 0x80) ? [{ name, bytes: wide(piece), before: 0, after: 0 } as const] : []),
  ]
}

/** ASCII text in UTF-16 of both byte orders, without the first or the last zero. */
function wide(piece: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 * piece.length - 1)
  for (const [at, byte] of piece.entries()) bytes[2 * at] = byte
  return bytes
}

/**
 * The base64 characters, in both alphabets, that do not depend on the surrounding bytes, if `lead` bytes of a group of 3 come
 * before.
 */
function base64At(name: string, piece: Uint8Array, lead: 0 | 1 | 2): SearchString[] {
  const text = btoa(String.fromCharCode(...new Uint8Array(lead), ...piece)).replace(/=+$/, '')
  const after = (lead + piece.length) % 3 === 0 ? 0 : 1
  const sure = text.slice([0, 2, 3][lead], text.length - after)
  return [...new Set([sure, urlSafe(sure)])]
    .filter((one) => one.length >= SHORTEST_BASE64)
    .map((one) => ({ name, bytes: new TextEncoder().encode(one), before: lead === 0 ? 0 : 1, after }))
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

/** The text as JSON writes it in ASCII only. */
function asciiJson(text: string): string {
  const unit = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, unit)
}
