import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { chmod, lstat, mkdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { PpError } from '../../model/error.ts'
import { readSmall } from '../../platform/index.ts'

const MOST_BYTES = 1024 * 1024

/** A configuration file as it was read. */
export interface ConfigurationFile {
  /** The directory in which everything lies that may be written; a real path. */
  readonly top: string
  /** From `top`. */
  readonly file: string
  /** How people are told of it. */
  readonly shown: string
  /** Null: there is none. */
  readonly bytes: Uint8Array | null
}

/** Reads a configuration file. Throws USAGE for a link, also on the way, and for what is no regular file. */
export async function readConfiguration(place: Omit<ConfigurationFile, 'bytes'>): Promise<ConfigurationFile> {
  await assertDirectories(place)
  return { ...place, bytes: (await existing(place))?.bytes ?? null }
}

/**
 * Writes a file that was read before, if nobody has changed it since; null removes it, and the directories that are empty
 * then. The mode stays. Throws USAGE if it must not be written, DISK_FAILED if it cannot.
 */
export async function writeConfiguration(before: ConfigurationFile, bytes: Uint8Array | null): Promise<void> {
  const path = join(before.top, before.file)
  try {
    await assertDirectories(before)
    const now = await existing(before)
    assertSame(before, now?.bytes ?? null)
    if (now !== null && (now.facts.mode & 0o200) === 0)
      throw new PpError('USAGE', `${before.shown} is read-only; nothing was written to it`)
    if (bytes === null) await remove(before, path)
    else if (now === null) await create(path, bytes)
    else await replace(before, path, bytes, now.facts.mode)
  } catch (cause) {
    if (cause instanceof PpError) throw cause
    throw new PpError('DISK_FAILED', `cannot write ${before.shown}: ${(cause as Error).message}`, { cause })
  }
}

async function create(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes, { flag: 'wx' })
}

async function replace(before: ConfigurationFile, path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const made = `${path}.${randomUUID()}`
  try {
    await writeFile(made, bytes, { flag: 'wx', mode: 0o600 })
    await chmod(made, mode & 0o7777)
    await assertDirectories(before)
    assertSame(before, (await existing(before))?.bytes ?? null)
    await rename(made, path)
  } finally {
    await rm(made, { force: true })
  }
}

async function remove({ top }: ConfigurationFile, path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  for (let dir = dirname(path); dir !== top; dir = dirname(dir)) {
    try {
      await rmdir(dir)
    } catch {
      return
    }
  }
}

function assertSame({ shown, bytes }: ConfigurationFile, now: Uint8Array | null): void {
  const same = bytes === null || now === null ? bytes === now : Buffer.compare(bytes, now) === 0
  if (!same) throw new PpError('USAGE', `${shown} has changed since it was read; nothing was written to it`)
}

async function existing({ top, file, shown }: Omit<ConfigurationFile, 'bytes'>) {
  const path = join(top, file)
  const facts = await lstatOrNull(path)
  if (facts === null) return null
  if (facts.isSymbolicLink()) throw new PpError('USAGE', `${shown} is a link; git pp writes only regular files`)
  const bytes = await readSmall(path, MOST_BYTES)
  if (bytes === null) throw new PpError('USAGE', `${shown} is not a regular file of at most 1 MiB`)
  return { facts, bytes }
}

async function assertDirectories({ top, file, shown }: Omit<ConfigurationFile, 'bytes'>): Promise<void> {
  let dir = top
  for (const part of dirname(file).split(sep)) {
    dir = join(dir, part)
    const facts = await lstatOrNull(dir)
    if (facts === null) return
    const where = relative(top, dir)
    if (facts.isSymbolicLink())
      throw new PpError('USAGE', `${where} is a link; git pp writes ${shown} only where no link leads to it`)
    if (!facts.isDirectory())
      throw new PpError('USAGE', `${where} is not a directory, so there is no place for ${shown}`)
  }
}

async function lstatOrNull(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
}
