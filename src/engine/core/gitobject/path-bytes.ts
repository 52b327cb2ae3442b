import { strictUtf8, utf8Bytes } from '../bytes/index.ts'

/** The bytes of a path: UTF-8; U+DC80..U+DCFF stand for bytes 0x80..0xFF that are not valid UTF-8 (PEP 383). */
export function pathBytes(path: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(path)) return utf8Bytes(path)
  return Uint8Array.from(
    [...path].flatMap((char) => {
      const code = char.codePointAt(0) ?? 0
      return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...utf8Bytes(char)]
    }),
  )
}

/**
 * The inverse of `pathBytes`: from the bytes that git stores to the string that we use. `/\p{Surrogate}/u` finds paths that
 * are not valid UTF-8.
 */
export function pathOf(bytes: Uint8Array): string {
  const whole = strictUtf8(bytes)
  if (whole !== null) return whole
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const lengths = [1, 2, 3, 4].filter((length) => at + length <= bytes.length)
    const char = lengths.map((length) => strictUtf8(bytes.subarray(at, at + length))).find((one) => one !== null)
    text += char ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    at += char === undefined || char === null ? 1 : utf8Bytes(char).length
  }
  return text
}
