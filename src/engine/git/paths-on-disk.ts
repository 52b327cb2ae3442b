import type { Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { pathBytes } from '../core/gitobject/index.ts'
import { parentsOf as directoriesOf } from '../core/paths/index.ts'
import type { Edits } from '../model/change.ts'
import { PpError } from '../model/error.ts'

/** The path on disk, as bytes, so that names that are not UTF-8 are found too. */
export function pathOnDisk(top: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}${path.sep}`), pathBytes(name)])
}

/** lstat; null if nothing is there (also if a parent is not a directory). */
export async function lstatIfPresent(full: Buffer | string): Promise<Stats | null> {
  return fs.lstat(full).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null
    throw cause
  })
}

/** 'sound' if every parent of `name` is a real directory, 'absent' if one does not exist, else 'detour'. */
export async function parentsOf(top: string, name: string): Promise<'sound' | 'absent' | 'detour'> {
  for (const parent of directoriesOf(name)) {
    const stat = await lstatIfPresent(pathOnDisk(top, parent))
    if (stat === null) return 'absent'
    if (!stat.isDirectory()) return 'detour'
  }
  return 'sound'
}

/** Writes edits below `top`, while nobody else writes there; never through a symlink, and never into a `.git`. */
export async function writeEdits(top: string, edits: Edits): Promise<void> {
  for (const [name, edit] of edits) {
    checkName(name)
    const parents = await parentsOf(top, name)
    if (parents === 'detour') {
      if (edit === null) continue
      throw new PpError(
        'DISK_FAILED',
        `${name} cannot be written, because a symlink or a file is in the place of its directory`,
      )
    }
    const full = pathOnDisk(top, name)
    if (parents === 'sound') await clear(full, name)
    if (edit === null) await removeEmptyParents(top, name)
    else {
      await fs.mkdir(pathOnDisk(top, path.posix.dirname(name)), { recursive: true })
      await fs.writeFile(full, edit.bytes, { flag: 'wx', mode: edit.mode === '100755' ? 0o777 : 0o666 })
    }
  }
}

function checkName(name: string): void {
  const parts = name.split('/')
  const bad = parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')
  if (bad || name.includes('\0'))
    throw new PpError('NOT_ALLOWED', `this is not a path inside a work tree: ${JSON.stringify(name)}`)
}

async function clear(full: Buffer, name: string): Promise<void> {
  const stat = await lstatIfPresent(full)
  if (stat?.isDirectory())
    throw new PpError('DISK_FAILED', `${name} cannot be written, because a directory is in its place`)
  if (stat !== null) await fs.unlink(full)
}

/** Removes a directory together with its last file, as git does. */
async function removeEmptyParents(top: string, name: string): Promise<void> {
  const parts = name.split('/').slice(0, -1)
  for (let depth = parts.length; depth > 0; depth--) {
    const gone = await fs.rmdir(pathOnDisk(top, parts.slice(0, depth).join('/'))).then(
      () => true,
      () => false,
    )
    if (!gone) return
  }
}
