import { deltaSizes } from '../core/gitpatch/index.ts'
import type { Oid } from '../model/oid.ts'
import { inflateStart } from './inflate.ts'
import type { LimitedReader } from './limited-reader.ts'

/** In bytes; larger objects are not read. */
export const OBJECT_LIMIT = 64 << 20
/** Git itself makes no longer chains of deltas. */
const CHAIN_LIMIT = 4095
const [OFS_DELTA, REF_DELTA] = [6, 7]

/**
 * The size in bytes that an object declares, or the largest size in its chain of delta bases; 0 if the object is not here.
 * Checked before an object is read, because isomorphic-git inflates everything.
 */
export function declaredSize(disk: LimitedReader, commonDir: string): (oid: Oid) => Promise<number> {
  const kept = new Map<string, Promise<Uint8Array | null>>()
  const pack = (name: string) => {
    const file = kept.get(name) ?? disk.file(commonDir, 'objects', 'pack', name)
    kept.set(name, file)
    return file
  }
  const ofObject = async (oid: Oid, chain: number): Promise<number> => {
    if (chain > CHAIN_LIMIT) return Number.POSITIVE_INFINITY
    const loose = await disk.file(commonDir, 'objects', oid.slice(0, 2), oid.slice(2))
    if (loose !== null) return ofLoose(loose)
    const names = await disk.names(commonDir, 'objects', 'pack')
    for (const name of names.filter((one) => one.endsWith('.idx'))) {
      const at = offsetOf(Buffer.from((await pack(name)) ?? []), oid)
      const bytes = at === null ? null : await pack(name.replace(/idx$/, 'pack'))
      if (at !== null && bytes !== null)
        return ofPacked(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), at, chain)
    }
    return 0
  }
  const ofPacked = async (bytes: Buffer, start: number, links: number): Promise<number> => {
    let [at, most] = [start, 0]
    for (let chain = links; chain <= CHAIN_LIMIT; chain++) {
      const { type, size, end } = headerOf(bytes, at)
      most = Math.max(most, size)
      if (type === OFS_DELTA) {
        const back = distanceOf(bytes, end)
        most = Math.max(most, ...sizesOf(bytes.subarray(back.end)))
        at -= Math.max(back.distance, 1)
      } else if (type === REF_DELTA) {
        most = Math.max(most, ...sizesOf(bytes.subarray(end + 20)))
        return Math.max(most, await ofObject(bytes.toString('hex', end, end + 20), chain + 1))
      } else return most
    }
    return Number.POSITIVE_INFINITY
  }
  return (oid) => ofObject(oid, 0)
}

/** `<type> <size>\0` at the start of the stream. */
function ofLoose(file: Uint8Array): number {
  const start = Buffer.from(inflateStart(file) ?? []).toString('latin1')
  return Number(/^[a-z]+ (\d+)\0/.exec(start)?.[1] ?? 0)
}

/** The offset of an object as an index (version 2, gitformat-pack(5)) lists it; null if the object is not in the index. */
function offsetOf(idx: Buffer, oid: Oid): number | null {
  const [fanout, names] = [8, 8 + 256 * 4]
  if (idx.length < names) return null
  const first = Number.parseInt(oid.slice(0, 2), 16)
  const wanted = Buffer.from(oid, 'hex')
  const count = idx.readUInt32BE(fanout + 255 * 4)
  if (idx.length < names + count * 28) return null
  let low = first === 0 ? 0 : idx.readUInt32BE(fanout + (first - 1) * 4)
  let high = Math.min(idx.readUInt32BE(fanout + first * 4), count)
  while (low < high) {
    const middle = (low + high) >> 1
    const order = Buffer.compare(wanted, idx.subarray(names + middle * 20, names + middle * 20 + 20))
    if (order === 0) return idx.readUInt32BE(names + count * 24 + middle * 4)
    if (order < 0) high = middle
    else low = middle + 1
  }
  return null
}

function headerOf(pack: Buffer, start: number): { type: number; size: number; end: number } {
  let at = start
  let byte = pack[at++] ?? 0
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let factor = 16; byte >= 128 && at < pack.length; factor *= 128) {
    byte = pack[at++] ?? 0
    size += (byte & 127) * factor
  }
  return { type, size, end: at }
}

/** How far the base is before the delta. */
function distanceOf(pack: Buffer, start: number): { distance: number; end: number } {
  let at = start
  let byte = pack[at++] ?? 0
  let distance = byte & 127
  while (byte >= 128 && at < pack.length) {
    byte = pack[at++] ?? 0
    distance = (distance + 1) * 128 + (byte & 127)
  }
  return { distance, end: at }
}

function sizesOf(stream: Uint8Array): readonly number[] {
  return deltaSizes(inflateStart(stream) ?? new Uint8Array())
}
