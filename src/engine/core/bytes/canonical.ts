import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Sha256 } from '../../model/oid.ts'

const utf8 = new TextEncoder()

/** Canonical JSON, RFC 8785. Throws for values that JSON cannot express. */
export function canonicalJson(value: unknown): string {
  const text = (canonicalize as unknown as (value: unknown) => string | undefined)(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** The bytes of a text in UTF-8. */
export function utf8Bytes(text: string): Uint8Array {
  return utf8.encode(text)
}

/** sha256 in hex, of bytes or of a text's UTF-8. */
export function sha256(content: Uint8Array | string): Sha256 {
  return createHash('sha256').update(content).digest('hex')
}

/** The text of bytes that are valid UTF-8, else null. */
export function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

/** The bytes of a base64 text; throws if the text is not base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
