import { createHash } from 'node:crypto'
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { pathOf } from '../core/gitobject/index.ts'
import type { TreeEntry } from '../model/change.ts'
import { pathOnDisk } from './paths-on-disk.ts'
import type { TreeLayout } from './tree-layout.ts'

/** What was found in a directory that should hold a tree. */
export interface VerifiedBase {
  /** Path → a stamp of the file that was read. */
  readonly stamps: ReadonlyMap<string, string>
  /** Regular files whose bytes are not those of their blob; attributes may have converted them. */
  readonly differing: readonly string[]
}

interface Expectation {
  readonly dir: string
  readonly layout: TreeLayout
  readonly format: 'sha1' | 'sha256'
  readonly umask: number
}

/** A stamp that nobody can give to another file, and that changes with every change of the file. */
export function fileStamp({ ino, ctimeNs, size, mode }: BigIntStats): string {
  return `${ino} ${ctimeNs} ${size} ${mode}`
}

/**
 * Reads every file below `dir`, and compares kind, mode and content with a tree. Null: a name is missing or too many, or a
 * kind, a mode or a link differs. No stat data and no index is believed: whoever can write to the directory can write those,
 * too.
 */
export async function verifyBase(expected: Expectation): Promise<VerifiedBase | null> {
  const { dir, layout } = expected
  const stamps = new Map<string, string>()
  const differing: string[] = []
  const buffer = Buffer.allocUnsafe(1 << 20)
  const directories = ['']
  for (const under of directories) {
    for (const name of await fs.readdir(pathOnDisk(dir, under || '.'), { encoding: 'buffer' })) {
      const path = `${under}${under && '/'}${pathOf(name)}`
      const isDirectory = layout.directories.has(path)
      if (isDirectory) directories.push(path)
      const found = isDirectory ? directoryAt(expected, path) : compared(expected, layout.files.get(path), buffer)
      if (found === null) return null
      if (found === 'directory') continue
      if (!found.same) differing.push(path)
      stamps.set(path, found.stamp)
    }
  }
  const isWhole = stamps.size === layout.files.size && directories.length === layout.directories.size + 1
  return isWhole ? { stamps, differing } : null
}

function directoryAt({ dir }: Expectation, path: string): 'directory' | null {
  return lstatSync(pathOnDisk(dir, path)).isDirectory() ? 'directory' : null
}

type Compared = { readonly stamp: string; readonly same: boolean } | null

function compared(expected: Expectation, entry: TreeEntry | undefined, buffer: Buffer): Compared {
  if (entry === undefined) return null
  const full = pathOnDisk(expected.dir, entry.path)
  if (entry.mode === '120000') return comparedLink(expected, entry, full)
  const mode = (entry.mode === '100755' ? 0o777 : 0o666) & ~expected.umask
  let fd: number
  try {
    fd = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
  try {
    const stat = fstatSync(fd, { bigint: true })
    if (!stat.isFile() || stat.nlink !== 1n || Number(stat.mode & 0o7777n) !== mode) return null
    const hash = createHash(expected.format).update(`blob ${stat.size}\0`)
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) hash.update(buffer.subarray(0, read))
    return { stamp: fileStamp(stat), same: hash.digest('hex') === entry.oid }
  } finally {
    closeSync(fd)
  }
}

function comparedLink({ format }: Expectation, { oid }: TreeEntry, full: Buffer): Compared {
  const stat = lstatSync(full, { bigint: true })
  if (!stat.isSymbolicLink()) return null
  const target = readlinkSync(full, 'buffer')
  const id = createHash(format).update(`blob ${target.length}\0`).update(target).digest('hex')
  return id === oid ? { stamp: fileStamp(stat), same: true } : null
}
