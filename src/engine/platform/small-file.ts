import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'

/**
 * The bytes of a regular file of at most `limit` bytes; null if it is not a regular file, or is larger. The file may come
 * from an attacker: no symlink is followed, no FIFO is waited for, and no more is read than the file had at first. Throws if
 * nothing is there.
 */
export async function readSmall(path: string, limit: number): Promise<Buffer | null> {
  const facts = await lstat(path)
  if (!facts.isFile() || facts.size > limit) return null
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) return null
    const bytes = Buffer.alloc(facts.size)
    const { bytesRead } = await file.read(bytes, 0, facts.size, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
