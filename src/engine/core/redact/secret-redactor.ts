import type { FoundSecret, SessionSecrets } from '../../model/redactor.ts'
import { decodedViews } from './decoded-views.ts'
import { namedSecretFinder } from './named-secrets.ts'
import { type SecretRange, type SecretValue, secretFinder } from './secret-finder.ts'
import { latin1, secretPatternRanges } from './secret-patterns.ts'
import { isWeakSecret } from './secret-variables.ts'

/** In bytes. Two chunks of a stream share at least this much, which is enough for a private key of usual size. */
const LEAST_OVERLAP = 8192
/** Ranges of one secret that are this near become one range, because base64 characters between two pieces depend on both. */
const NEAR = 4

/**
 * Hides the values of `secrets` (as they are, URL-encoded, escaped, in UTF-16, hex and base64, wrapped) and everything that
 * looks like a secret, as `[redacted:NAME]`. Values under 8 characters, common values and `words` (values that the tracked
 * files contain) are hidden only after their own names. Takes any bytes; all other bytes stay unchanged. It protects against
 * accidents, not against code that leaks on purpose.
 */
export function redactor(options: {
  readonly secrets: readonly SecretValue[]
  readonly words?: ReadonlySet<string>
}): SessionSecrets {
  const isWeak = (secret: SecretValue) => isWeakSecret(secret, options.words)
  const needles = secretFinder(options.secrets.filter((one) => !isWeak(one)))
  const weak = namedSecretFinder(options.secrets.filter(isWeak))
  const values = (bytes: Uint8Array) =>
    needles.longest === 0 ? [] : [...needles.find(bytes), ...seenThrough(bytes, needles.find)]
  return {
    overlap: Math.max(LEAST_OVERLAP, 2 * needles.longest),
    redact(bytes) {
      const hidden = join([...values(bytes), ...weak(bytes), ...secretPatternRanges(bytes, 'all')])
      return { bytes: hidden.length === 0 ? bytes : maskRanges(bytes, hidden), hits: hidden.length }
    },
    find(bytes) {
      const forms = secretPatternRanges(bytes, 'sure')
      return [
        ...join(values(bytes)).map(({ name }): FoundSecret => ({ is: 'value', name, text: '' })),
        ...forms.map(
          ({ start, end, name }): FoundSecret => ({ is: 'form', name, text: latin1(bytes.subarray(start, end)) }),
        ),
      ]
    },
  }
}

function seenThrough(bytes: Uint8Array, find: (bytes: Uint8Array) => SecretRange[]): SecretRange[] {
  return decodedViews(bytes).flatMap((view) =>
    find(view.bytes).map(({ start, end, name }) => ({
      start: view.origin(start),
      end: end < view.bytes.length ? lastOf(bytes, view.origin(end)) : bytes.length,
      name,
    })),
  )
}

/** The end of the text that was read. Line breaks and blanks that a view left out before the next byte are not included. */
function lastOf(bytes: Uint8Array, next: number): number {
  let end = next
  while (end > 0 && [0x0a, 0x0d, 0x20, 0x09].includes(bytes[end - 1] ?? 0)) end--
  return end
}

/**
 * The ranges in order, without overlap. Of two that overlap, the earlier name stays, and the name of a known value comes
 * before that of a pattern.
 */
function join(ranges: readonly SecretRange[]): SecretRange[] {
  const joined: SecretRange[] = []
  for (const next of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1)
    const touches = last && (next.start < last.end || (next.name === last.name && next.start <= last.end + NEAR))
    if (last && touches) joined[joined.length - 1] = { ...last, end: Math.max(last.end, next.end) }
    else joined.push(next)
  }
  return joined
}

/** The bytes with every range replaced; the ranges are in order and do not overlap. */
export function maskRanges(bytes: Uint8Array, hidden: readonly SecretRange[]): Uint8Array {
  const parts: Uint8Array[] = []
  let from = 0
  for (const { start, end, name, as } of hidden) {
    const shown = as ?? `[redacted:${name.replace(/[^\w.-]/g, '_')}]`
    parts.push(bytes.subarray(from, start), new TextEncoder().encode(shown))
    from = end
  }
  parts.push(bytes.subarray(from))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
