import { type BigIntStats, lstatSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import type { TreeEntry } from '../model/change.ts'
import { pathOnDisk } from './paths-on-disk.ts'

/** Tells which files of a checkout were read since it was watched; null: this file system does not show it. */
export type ReadsSoFar = () => Promise<ReadonlySet<string> | null>

/** How long it can take until the clock of a file system moves on, in ms: one tick of the slowest kernels. */
const TICK_MS = 10

/**
 * Watches the regular files of a checkout by their access times. No tracer and no privilege is needed, and every language is
 * seen: reading, running, importing and mapping a file move its access time, listing a directory does not. Linux moves it at
 * the first read after a write, also with `relatime`. On a file system with `noatime`, a file of our own does not move either,
 * and the answer is null. `probe`: a path for that file, outside of the checkout and on the same file system.
 */
export async function watchReads(dir: string, entries: readonly TreeEntry[], probe: string): Promise<ReadsSoFar> {
  const files = entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path)
  const before = new Map<string, bigint>()
  for (const path of files) {
    const stat = statOf(pathOnDisk(dir, path))
    if (stat === null) continue
    if (stat.atimeNs > stat.mtimeNs && stat.atimeNs > stat.ctimeNs) await makeUnread(dir, path)
    before.set(path, (statOf(pathOnDisk(dir, path)) ?? stat).atimeNs)
  }
  await fs.writeFile(probe, 'read me\n')
  const unread = statOf(Buffer.from(probe))?.atimeNs
  await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  return async () => {
    await fs.readFile(probe)
    if (statOf(Buffer.from(probe))?.atimeNs === unread) return null
    const read = [...before].filter(([path, atime]) => {
      const now = statOf(pathOnDisk(dir, path))?.atimeNs
      return now !== undefined && now !== atime
    })
    return new Set(read.map(([path]) => path))
  }
}

/** With `relatime`, a further read of a file that was read since it was written is not noted. */
async function makeUnread(dir: string, path: string): Promise<void> {
  const full = pathOnDisk(dir, path)
  const { mtime } = await fs.lstat(full)
  await fs.utimes(full, new Date(mtime.getTime() - 1000), mtime)
}

function statOf(full: Buffer): BigIntStats | null {
  return lstatSync(full, { bigint: true, throwIfNoEntry: false }) ?? null
}
