import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'

/** An object as it is stored. */
export interface RawObject {
  readonly type: 'commit' | 'tag'
  readonly bytes: Buffer
}

const CODES = { commit: 1, tag: 4 } as const

export function idOf({ type, bytes }: RawObject, format: RepositoryPaths['objectFormat']): Oid {
  return createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}

/** A pack that contains whole objects (no deltas), see gitformat-pack(5). */
export function packOf(objects: readonly RawObject[], format: RepositoryPaths['objectFormat']): Buffer {
  const head = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1')
  head.writeUInt32BE(objects.length, 8)
  const body = Buffer.concat([
    head,
    ...objects.flatMap(({ type, bytes }) => [sizeOf(CODES[type], bytes.length), deflateSync(bytes, { level: 1 })]),
  ])
  return Buffer.concat([body, createHash(format).update(body).digest()])
}

/** Type and size: first four bits, then seven bits each, the lowest first. */
function sizeOf(code: number, size: number): Buffer {
  const bytes: number[] = []
  let byte = (code << 4) | (size & 15)
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 128)
    byte = rest & 127
  }
  return Buffer.from([...bytes, byte])
}
