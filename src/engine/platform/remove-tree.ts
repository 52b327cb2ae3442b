import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { PpError } from '../model/error.ts'

/**
 * Removes a directory and everything below it, whatever its modes and depth; follows no link. The directory may be gone
 * already.
 */
export async function removeTree(dir: string): Promise<void> {
  await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch(async (cause: unknown) => {
    await removeFlat(dir).catch(() => {
      const hint = 'perhaps it holds a mount or an immutable file'
      throw new PpError('DISK_FAILED', `${dir} could not be removed; ${hint}`, { cause })
    })
  })
}

/**
 * For directories that a plain removal cannot enter: without permissions, or with paths that are too long for the system.
 * Every directory gets permissions, is moved next to `top` and is emptied there, so that no path grows. The plain removal
 * goes on with other entries for a moment after it has failed, so any of them may be gone.
 */
async function removeFlat(top: string): Promise<void> {
  const beside = await fs.mkdtemp(`${top}.`)
  const found: string[] = []
  const waiting = [top]
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    found.push(dir)
    await unlessGone(fs.chmod(dir, 0o700))
    for (const entry of (await unlessGone(fs.readdir(dir, { withFileTypes: true, encoding: 'buffer' }))) ?? []) {
      const full = Buffer.concat([Buffer.from(dir + path.sep), entry.name])
      if (!entry.isDirectory()) await unlessGone(fs.unlink(full))
      else {
        const moved = path.join(beside, String(found.length + waiting.length))
        await unlessGone(fs.chmod(full, 0o700))
        await unlessGone(fs.rename(full, moved))
        waiting.push(moved)
      }
    }
  }
  for (const dir of [...found.reverse(), beside]) await unlessGone(fs.rmdir(dir))
}

async function unlessGone<T>(step: Promise<T>): Promise<T | undefined> {
  return step.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}
