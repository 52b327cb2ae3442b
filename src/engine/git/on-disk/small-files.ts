import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The bytes of a file; null if it is not there, is not a regular file, or has more than `most` bytes. */
export function readFileUpTo(file: string, most: number): Buffer | null {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return null
  }
  try {
    const { size } = fstatSync(descriptor)
    return size > most ? null : readAt(descriptor, 0, size)
  } catch {
    return null
  } finally {
    closeSync(descriptor)
  }
}

/** As many of the bytes at a place of an open file as are there. */
export function readAt(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const read = readSync(descriptor, bytes, filled, length - filled, start + filled)
    if (read === 0) break
    filled += read
  }
  return bytes.subarray(0, filled)
}
