import { createHash } from 'node:crypto'
import * as path from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Oid } from '../../model/oid.ts'
import { type ObjectOnDisk, packFiles } from './pack-files.ts'
import { readFileUpTo } from './small-files.ts'

/** In bytes. Larger objects are left to git. */
const MOST = 4 << 20
/** After so many objects, or bytes of them, a process of git costs less. */
const MOST_OBJECTS = 200
const MOST_BYTES = 16 << 20

/** Reads a few objects of a SHA-1 repository from its files. */
export interface ObjectFiles {
  /** The object, whose bytes have this id; null: git has to be asked, which may find that there is none. */
  read(oid: Oid): ObjectOnDisk | null
  dispose(): void
}

/** `objects`: the directory of that name. */
export function objectFiles(objects: string): ObjectFiles {
  const packs = packFiles(objects, MOST)
  const known = new Map<Oid, ObjectOnDisk>()
  let bytes = 0
  const read = (oid: Oid): ObjectOnDisk | null => {
    if (known.size >= MOST_OBJECTS || bytes >= MOST_BYTES) return null
    try {
      const found = loose(objects, oid) ?? packs.read(oid)
      if (found === null || idOf(found) !== oid) return null
      known.set(oid, found)
      bytes += found.bytes.length
      return found
    } catch {
      return null
    }
  }
  return {
    read: (oid) => known.get(oid) ?? (/^[0-9a-f]{40}$/.test(oid) ? read(oid) : null),
    dispose: () => packs.dispose(),
  }
}

/** `<type> <size>\0`, then the bytes (gitformat-loose(5)). */
function loose(objects: string, oid: Oid): ObjectOnDisk | null {
  const file = readFileUpTo(path.join(objects, oid.slice(0, 2), oid.slice(2)), MOST)
  if (file === null) return null
  const content = inflateSync(file, { maxOutputLength: MOST })
  const end = content.indexOf(0)
  const [, type, size] = /^([a-z]+) (\d+)$/.exec(content.toString('latin1', 0, Math.max(end, 0))) ?? []
  const bytes = content.subarray(end + 1)
  return type !== undefined && bytes.length === Number(size) ? { type, bytes } : null
}

function idOf({ type, bytes }: ObjectOnDisk): Oid {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}
