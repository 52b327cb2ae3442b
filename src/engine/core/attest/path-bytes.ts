import { bytesOf } from '../canonical.ts'

/** The bytes of a path: UTF-8, and U+DC80..U+DCFF stand for the bytes 0x80..0xFF that are none (PEP 383). */
export function pathBytes(path: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(path)) return bytesOf(path)
  return Uint8Array.from(
    [...path].flatMap((char) => {
      const code = char.codePointAt(0) ?? 0
      return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...bytesOf(char)]
    }),
  )
}
