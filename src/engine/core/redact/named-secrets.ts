import type { SecretRange, SecretValue } from './secret-finder.ts'

/** What may stand between a name and its value: `NAME=x`, `NAME: "x"`, `'NAME' => 'x'`. Bounded. */
const BETWEEN = /^["']?\]?[ \t]{0,4}(?::=|=>|[=:])[ \t]{0,4}["'`]?/
const LONGEST_BETWEEN = 16

/**
 * Finds values that are too short or too common to be searched for everywhere; they are found only directly after their
 * names.
 */
export function namedSecretFinder(secrets: readonly SecretValue[]): (bytes: Uint8Array) => SecretRange[] {
  const wanted = secrets.map(({ name, value }) => ({
    name,
    key: Buffer.from(name),
    value: Buffer.from(value.trim()),
  }))
  return (bytes) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return wanted.flatMap(({ name, key, value }) => {
      const found: SecretRange[] = []
      for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
        const after = at + key.length
        const between = BETWEEN.exec(text.subarray(after, after + LONGEST_BETWEEN).toString('latin1'))?.[0].length
        if (between === undefined) continue
        const start = after + between
        const end = start + value.length
        if (text.subarray(start, end).equals(value)) found.push({ start, end, name })
      }
      return found
    })
  }
}
