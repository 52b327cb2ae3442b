import { constants, inflateSync } from 'node:zlib'

/**
 * The bytes of a zlib stream, whatever follows it. Null if it is not one, or if it holds more than `most` bytes, which are
 * never allocated.
 */
export function inflate(bytes: Uint8Array, most: number): Uint8Array | null {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(most, 1) })
  } catch {
    return null
  }
}

/** The first bytes of a zlib stream, as far as its first 256 bytes yield; null if it is not one. */
export function inflateStart(bytes: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(bytes.subarray(0, 256), { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return null
  }
}
