import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** In bytes: nothing that is read grows larger than this. */
const MOST = 4 * 1024 * 1024 + 1024

export function compressed(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes)
}

/** Null: it cannot be read, or it is too large. */
export function expanded(bytes: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MOST })
  } catch {
    return null
  }
}
