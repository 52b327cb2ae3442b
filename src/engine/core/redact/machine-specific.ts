import type { SecretRedactor } from '../../model/redactor.ts'
import type { SecretRange } from './secret-finder.ts'
import { maskRanges } from './secret-redactor.ts'

/** Where the checkout stands in all that is kept: one path for every machine, so that records can be compared. */
export const CHECKOUT = '/checkout'

/** What only this machine has, and what stands for it in the record. */
export interface MachineSpecificText {
  readonly is: string
  readonly as: string
}

/** Shorter names stand in every output by chance. In letters. */
const SHORTEST_NAME = 4
/** Names that containers and CI machines share: they tell nothing of anybody, and output is full of them. */
const ANYBODY = new Set(
  'root user test node runner ubuntu debian admin build docker vscode jenkins postgres localhost default main home'.split(
    ' ',
  ),
)

/** The checkout, the home directory, the user and the host, each by what stands for it. */
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

/** Lets `inner` look first; then each whole `is` reads `as`. Not counted among the hits: no secret stood there. */
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

/** Where a path or a name stands as a whole: `/home/ann` neither in `/home/anna` nor in `/home/ann.old`. */
function standing(bytes: Uint8Array, needle: Uint8Array, as: string): SecretRange[] {
  const found: SecretRange[] = []
  const first = needle[0] ?? 0
  for (let start = bytes.indexOf(first); start !== -1; start = bytes.indexOf(first, start + 1)) {
    const end = start + needle.length
    let same = 1
    while (same < needle.length && bytes[start + same] === needle[same]) same++
    if (same < needle.length) continue
    // A directory of the repository may be called like the user.
    if (first !== SLASH && (bytes[start - 1] === SLASH || bytes[end] === SLASH)) continue
    const after = bytes[end] === DOT ? bytes[end + 1] : bytes[end]
    if (begins(bytes, start) && !ofName(after)) found.push({ start, end, name: as, as })
  }
  return found
}

const DOT = 0x2e
const DASH = 0x2d
const SLASH = 0x2f

/** Right after the letter of an option a path begins, too: `-I/home/ann/include`. */
function begins(bytes: Uint8Array, start: number): boolean {
  const before = bytes[start - 1]
  return (!ofName(before) && before !== DOT) || (before !== DASH && bytes[start - 2] === DASH)
}

/** Letters, digits, `_`, `-` and all that is beyond ASCII. */
function ofName(byte: number | undefined): boolean {
  return byte !== undefined && (byte >= 0x80 || /[\w-]/.test(String.fromCharCode(byte)))
}

/** In order; of two that overlap the longer one. */
function outermost(found: readonly SecretRange[]): SecretRange[] {
  const kept: SecretRange[] = []
  for (const next of found.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (next.start >= (kept.at(-1)?.end ?? 0)) kept.push(next)
  return kept
}
