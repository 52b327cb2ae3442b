import type { SecretRedactor } from '../../model/redactor.ts'
import type { SecretRange } from './secret-finder.ts'
import { maskRanges } from './secret-redactor.ts'

/** The path of the checkout in all that is kept: the same on every machine, so that records can be compared. */
export const CHECKOUT = '/checkout'

/**
 * A text in which paths in the checkout are relative to its top. A directory of the same name further down a path stays, such as
 * that of a path that the program had written in another way, so that it was not replaced by `CHECKOUT`.
 */
export function relativeToCheckout(text: string): string {
  return text.replace(new RegExp(`(?<![\\w.~/%-])${CHECKOUT}/`, 'g'), '')
}

/** A text that exists only on this machine, and what replaces it in the record. */
export interface MachineSpecificText {
  readonly is: string
  readonly as: string
}

/** In characters. Shorter names occur in every output by chance. */
const SHORTEST_NAME = 4
/** Names that containers and CI machines share. They identify nobody, and output is full of them. */
const ANYBODY = new Set(
  'root user test node runner ubuntu debian admin build docker vscode jenkins postgres localhost default main home'.split(
    ' ',
  ),
)

/** The checkout, the home directory, the user and the host, each with its replacement. */
export function machineSpecificTexts(here: {
  checkout: string
  home: string
  user: string
  host: string
}): readonly MachineSpecificText[] {
  const paths = [
    { is: here.checkout, as: CHECKOUT },
    { is: encodeURI(here.checkout), as: CHECKOUT },
    { is: here.home, as: '~' },
  ].filter(({ is }) => is.startsWith('/') && is.length > 1)
  const names = [
    { is: here.user, as: 'user' },
    { is: here.host, as: 'localhost' },
  ].filter(({ is }) => is.length >= SHORTEST_NAME && !ANYBODY.has(is))
  return [...paths, ...names]
}

/** Applies `inner` first, then replaces each whole `is` by `as`. These are not counted as hits, because they are no secrets. */
export function replaceMachineSpecificTexts(
  inner: SecretRedactor,
  places: readonly MachineSpecificText[],
): SecretRedactor {
  const needles = places.map(({ is, as }) => ({ bytes: new TextEncoder().encode(is), as }))
  const longest = Math.max(0, ...needles.map(({ bytes }) => bytes.length))
  return {
    overlap: Math.max(inner.overlap, 2 * longest),
    redact(raw) {
      const { bytes, hits } = inner.redact(raw)
      const found = outermost(needles.flatMap((needle) => standing(bytes, needle.bytes, needle.as)))
      return { bytes: found.length === 0 ? bytes : maskRanges(bytes, found), hits }
    },
  }
}

/** The ranges where a path or a name occurs as a whole: `/home/ann`, but neither in `/home/anna` nor in `/home/ann.old`. */
function standing(bytes: Uint8Array, needle: Uint8Array, as: string): SecretRange[] {
  const found: SecretRange[] = []
  const first = needle[0] ?? 0
  for (let start = bytes.indexOf(first); start !== -1; start = bytes.indexOf(first, start + 1)) {
    const end = start + needle.length
    let same = 1
    while (same < needle.length && bytes[start + same] === needle[same]) same++
    if (same < needle.length) continue
    // A directory of the repository may have the same name as the user.
    if (first !== SLASH && (bytes[start - 1] === SLASH || bytes[end] === SLASH)) continue
    const after = bytes[end] === DOT ? bytes[end + 1] : bytes[end]
    if (begins(bytes, start) && !ofName(after)) found.push({ start, end, name: as, as })
  }
  return found
}

const DOT = 0x2e
const DASH = 0x2d
const SLASH = 0x2f

/** A path may also begin directly after the letter of an option: `-I/home/ann/include`. */
function begins(bytes: Uint8Array, start: number): boolean {
  const before = bytes[start - 1]
  return (!ofName(before) && before !== DOT) || (before !== DASH && bytes[start - 2] === DASH)
}

/** Whether a byte can be part of a name: letters, digits, `_`, `-` and everything beyond ASCII. */
function ofName(byte: number | undefined): boolean {
  return byte !== undefined && (byte >= 0x80 || /[\w-]/.test(String.fromCharCode(byte)))
}

/** The ranges in order; of two that overlap, the longer one. */
function outermost(found: readonly SecretRange[]): SecretRange[] {
  const kept: SecretRange[] = []
  for (const next of found.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (next.start >= (kept.at(-1)?.end ?? 0)) kept.push(next)
  return kept
}
