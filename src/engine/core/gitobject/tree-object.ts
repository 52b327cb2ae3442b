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
  let isSorted = true
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at)
    const end = bytes.indexOf(0, blank)
    if (blank === -1 || end === -1 || bytes.length < end + 1 + idBytes)
      throw new PpError('MALFORMED', `the tree ${tree} cannot be read; git fsck tells more`)
    const written = bytes.toString('latin1', at, blank)
    const mode = PADDED.get(written) ?? written.padStart(6, '0')
    at = end + 1 + idBytes
    const name = bytes.subarray(blank + 1, end)
    if (name.length === 0 || name.includes(47)) throw ambiguous(tree)
    isSorted &&= Buffer.compare(found.at(-1)?.name ?? NOTHING, name) < 0
    found.push({ name, mode, oid: bytes.toString('hex', end + 1, at) })
  }
  // In a tree whose names increase, no name stands twice.
  if (!isSorted && new Set(found.map(({ name }) => name.toString('latin1'))).size < found.length) throw ambiguous(tree)
  return found
}

/** As git writes them; it leaves out a zero in front. */
const PADDED = new Map([
  ['40000', '040000'],
  ['100644', '100644'],
  ['100755', '100755'],
  ['120000', '120000'],
  ['160000', '160000'],
])

const NOTHING = Buffer.alloc(0)

/** With two entries of one name, or a path as a name, a reader and a checkout could see different files. */
function ambiguous(tree: Oid): PpError {
  return new PpError('MALFORMED', `the tree ${tree} holds a name twice, or a name with a slash; git fsck tells more`)
}
