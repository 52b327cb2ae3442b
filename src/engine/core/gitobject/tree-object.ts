import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'

/** One row of a tree object; `mode` as six octal digits. */
export interface TreeObjectEntry {
  readonly name: Buffer
  readonly mode: string
  readonly oid: Oid
}

/** Parses a raw tree: a sequence of `<mode> <name>\0<id>`. */
export function parseTreeObject(tree: Oid, content: Uint8Array, idBytes: number): TreeObjectEntry[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
  const found: TreeObjectEntry[] = []
  const names = new Set<string>()
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at)
    const end = bytes.indexOf(0, blank)
    if (blank === -1 || end === -1 || bytes.length < end + 1 + idBytes)
      throw new PpError('MALFORMED', `the tree ${tree} cannot be read; git fsck tells more`)
    const mode = bytes.subarray(at, blank).toString('latin1').padStart(6, '0')
    at = end + 1 + idBytes
    const name = bytes.subarray(blank + 1, end)
    // With two entries of one name, or a path as a name, a reader and a checkout could see different files.
    if (name.length === 0 || name.includes(47) || names.size === names.add(name.toString('latin1')).size)
      throw new PpError('MALFORMED', `the tree ${tree} holds a name twice, or a name with a slash; git fsck tells more`)
    found.push({ name, mode, oid: bytes.subarray(end + 1, at).toString('hex') })
  }
  return found
}
