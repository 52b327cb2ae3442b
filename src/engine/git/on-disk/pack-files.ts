import { closeSync, openSync, readdirSync } from 'node:fs'
import * as path from 'node:path'
import { inflateSync } from 'node:zlib'
import { applyDelta } from '../../core/gitpatch/index.ts'
import type { Oid } from '../../model/oid.ts'
import { readAt } from './small-files.ts'

/** An object as git stores it. */
export interface ObjectOnDisk {
  readonly type: string
  readonly bytes: Buffer
}

const TYPES: Readonly<Record<number, string>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' }
const [OFS_DELTA, REF_DELTA] = [6, 7]
/** Git makes no longer chains of deltas unless it is told to. */
const LONGEST_CHAIN = 64
const MOST_PACKS = 32
/** The longest header of an entry: its type and size, and the base of a delta. */
const HEADER_BYTES = 32
/** Where an index (version 2) has its table of counts, and where the ids begin. */
const [FANOUT, IDS] = [8, 8 + 256 * 4]

interface Pack {
  readonly idx: number
  readonly pack: number
}

/**
 * Reads single objects from packs (gitformat-pack(5)) without reading a pack or its index as a whole. Null for what is not there
 * or not in the usual form, and for objects of more than `most` bytes.
 */
export function packFiles(objects: string, most: number) {
  let opened: readonly Pack[] | null = null
  const packs = () => {
    opened ??= openPacks(path.join(objects, 'pack'))
    return opened
  }
  const find = (oid: Oid, chain: number): ObjectOnDisk | null => {
    for (const pack of packs()) {
      const at = offsetOf(pack.idx, oid)
      if (at !== null) return entry(pack, at, chain)
    }
    return null
  }
  const entry = (pack: Pack, at: number, chain: number): ObjectOnDisk | null => {
    const { type, size, base, end } = headerOf(readAt(pack.pack, at, HEADER_BYTES))
    if (chain > LONGEST_CHAIN || size > most) return null
    const bytes = inflated(pack.pack, at + end, size)
    if (bytes === null) return null
    const plain = TYPES[type]
    if (plain !== undefined) return { type: plain, bytes }
    const source =
      base === null ? null : typeof base === 'string' ? find(base, chain + 1) : entry(pack, at - base, chain + 1)
    const made = source === null ? null : applyDelta(bytes, source.bytes)
    return source === null || made === null || made.length > most
      ? null
      : { type: source.type, bytes: Buffer.from(made) }
  }
  return {
    read: (oid: Oid) => find(oid, 0),
    dispose() {
      for (const { idx, pack } of opened ?? []) for (const one of [idx, pack]) closeSync(one)
      opened = null
    },
  }
}

function openPacks(directory: string): readonly Pack[] {
  const names = readdirSync(directory).filter((name) => /^pack-[0-9a-f]+\.idx$/.test(name))
  if (names.length > MOST_PACKS) return []
  return names.map((name) => ({
    idx: openSync(path.join(directory, name), 'r'),
    pack: openSync(path.join(directory, name.replace(/idx$/, 'pack')), 'r'),
  }))
}

/** Where an object stands in its pack; null if this index does not list it. */
function offsetOf(idx: number, oid: Oid): number | null {
  const table = readAt(idx, 0, IDS)
  if (table.length < IDS || table.readUInt32BE(0) !== 0xff744f63 || table.readUInt32BE(4) !== 2) return null
  const first = Number.parseInt(oid.slice(0, 2), 16)
  const low = first === 0 ? 0 : table.readUInt32BE(FANOUT + (first - 1) * 4)
  const [high, count] = [table.readUInt32BE(FANOUT + first * 4), table.readUInt32BE(FANOUT + 255 * 4)]
  if (high <= low) return null
  const row = rowOf(readAt(idx, IDS + low * 20, (high - low) * 20), Buffer.from(oid, 'hex'))
  if (row === null) return null
  // After the ids (20 bytes each) come checksums and offsets, of 4 bytes each.
  const offset = readAt(idx, IDS + count * 24 + (low + row) * 4, 4).readUInt32BE(0)
  return offset >= 2 ** 31 ? null : offset
}

/** Which of the sorted ids it is. */
function rowOf(ids: Buffer, wanted: Buffer): number | null {
  let [low, high] = [0, ids.length / 20]
  while (low < high) {
    const middle = (low + high) >> 1
    const order = wanted.compare(ids, middle * 20, middle * 20 + 20)
    if (order === 0) return middle
    if (order < 0) high = middle
    else low = middle + 1
  }
  return null
}

/** `base`: of a delta, how far before it its base is, or the id of its base. */
function headerOf(bytes: Buffer): { type: number; size: number; base: number | Oid | null; end: number } {
  let [at, byte] = [1, bytes[0] ?? 0]
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let factor = 16; byte >= 128 && at < bytes.length; factor *= 128) {
    byte = bytes[at++] ?? 0
    size += (byte & 127) * factor
  }
  if (type === REF_DELTA) return { type, size, base: bytes.toString('hex', at, at + 20), end: at + 20 }
  if (type !== OFS_DELTA) return { type, size, base: null, end: at }
  byte = bytes[at++] ?? 0
  let base = byte & 127
  while (byte >= 128 && at < bytes.length) {
    byte = bytes[at++] ?? 0
    base = (base + 1) * 128 + (byte & 127)
  }
  return { type, size, base: Math.max(base, 1), end: at }
}

/** A stream of this many bytes; zlib makes at most a thousandth and a few bytes more of what cannot be compressed. */
function inflated(pack: number, start: number, size: number): Buffer | null {
  try {
    const bytes = inflateSync(readAt(pack, start, size + (size >> 10) + 64), { maxOutputLength: Math.max(size, 1) })
    return bytes.length === size ? bytes : null
  } catch {
    return null
  }
}
