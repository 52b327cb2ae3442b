import type { SecretRedactor } from '../../model/redactor.ts'

/** Masks secrets in the strings of a session, always in the same way. */
export interface StringMasker {
  text(text: string): string
  /** A copy of plain data with every string masked; the keys of objects stay. */
  all<T>(value: T): T
}

/**
 * Two strings that differ only in a secret become one when they are masked. The second one gets ` #2` at its end, the third
 * one ` #3`, so that two tests stay two tests.
 */
export function stringMasker({ redact }: Pick<SecretRedactor, 'redact'>): StringMasker {
  const known = new Map<string, string>()
  const taken = new Set<string>()
  const text = (raw: string): string => {
    const before = known.get(raw)
    if (before !== undefined) return before
    const { bytes, hits } = redact(new TextEncoder().encode(raw))
    if (hits === 0) return raw
    const masked = new TextDecoder().decode(bytes)
    let unique = masked
    for (let n = 2; taken.has(unique); n++) unique = `${masked} #${n}`
    taken.add(unique)
    known.set(raw, unique)
    return unique
  }
  return {
    text,
    all(value) {
      const strings: string[] = []
      eachString(value, (one) => strings.push(one))
      // Most data holds no secret: one search over all strings is much faster than a search in each of them.
      if (redact(new TextEncoder().encode(strings.join('\n'))).hits === 0) return value
      const masked = new Set(known.values())
      for (const one of strings) if (!masked.has(one) && maskedText({ redact }, one) === one) taken.add(one)
      return mapped(value, text)
    },
  }
}

/** A text with its secrets masked, for texts that are only read and never compared. */
export function maskedText({ redact }: Pick<SecretRedactor, 'redact'>, text: string): string {
  return new TextDecoder().decode(redact(new TextEncoder().encode(text)).bytes)
}

function eachString(value: unknown, use: (text: string) => void): void {
  if (typeof value === 'string') use(value)
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) eachString(one, use)
}

function mapped<T>(value: T, text: (raw: string) => string): T {
  const map = (one: unknown): unknown => {
    if (typeof one === 'string') return text(one)
    if (Array.isArray(one)) return one.map(map)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, map(inner)]))
  }
  return map(value) as T
}
