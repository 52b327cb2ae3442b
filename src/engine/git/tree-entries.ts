import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'

/** One row of a tree object. */
export interface Entry {
  readonly name: Buffer
  readonly mode: string
  readonly oid: Oid
}

/** A raw tree: `<mode> <name>\0<id>`, again and again. */
export function parseEntries(tree: Oid, bytes: Buffer, idBytes: number): Entry[] {
  const found: Entry[] = []
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at)
    const end = bytes.indexOf(0, blank)
    if (blank === -1 || end === -1 || bytes.length < end + 1 + idBytes)
      throw new PpError('MALFORMED', `the tree ${tree} cannot be read; see git fsck`)
    const mode = bytes.subarray(at, blank).toString('latin1').padStart(6, '0')
    at = end + 1 + idBytes
    found.push({ name: bytes.subarray(blank + 1, end), mode, oid: bytes.subarray(end + 1, at).toString('hex') })
  }
  return found
}
