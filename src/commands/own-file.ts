import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs'

/** Group and others may write. */
const FOREIGN_WRITE = 0o022

/** The user to whom a directory belongs; null if it is none, or if others may write in it. */
export function ownerOf(dir: string): number | null {
  const stats = lstatSync(dir, { throwIfNoEntry: false })
  return stats?.isDirectory() === true && isPrivate(stats) ? stats.uid : null
}

/** The bytes of a file that belongs to this user and that nobody else may write; null for any other one. */
export function readOwn(file: string, owner: number): Buffer | null {
  let opened: number
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch {
    return null
  }
  try {
    const stats = fstatSync(opened)
    return stats.isFile() && stats.uid === owner && isPrivate(stats) ? readFileSync(opened) : null
  } finally {
    closeSync(opened)
  }
}

/** Windows has no such owners and no such modes. */
function isPrivate({ mode }: Stats): boolean {
  return process.getuid !== undefined && (mode & FOREIGN_WRITE) === 0
}
