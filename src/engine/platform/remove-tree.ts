import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { PpError } from '../model/error.ts'

/** Removes a directory and all below, whatever its modes and depth, following no link. Nothing there is fine. */
export async function removeTree(dir: string): Promise<void> {
  await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch(async (cause: unknown) => {
    await removeFlat(dir).catch(() => {
      const hint = 'perhaps it holds a mount or an immutable file'
      throw new PpError('DISK_FAILED', `${dir} could not be removed; ${hint}`, { cause })
    })
  })
}

/**
 * For what a plain removal cannot enter: directories without permissions, paths longer than the system takes.
 * Every directory is opened up, moved beside `top` and emptied there, so no path grows.
 */
async function removeFlat(top: string): Promise<void> {
  const beside = await fs.mkdtemp(`${top}.`)
  const found: string[] = []
  const waiting = [top]
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    found.push(dir)
    await fs.chmod(dir, 0o700)
    for (const entry of await fs.readdir(dir, { withFileTypes: true, encoding: 'buffer' })) {
      const full = Buffer.concat([Buffer.from(dir + path.sep), entry.name])
      if (!entry.isDirectory()) await fs.unlink(full)
      else {
        const moved = path.join(beside, String(found.length + waiting.length))
        await fs.chmod(full, 0o700)
        await fs.rename(full, moved)
        waiting.push(moved)
      }
    }
  }
  for (const dir of [...found.reverse(), beside]) await fs.rmdir(dir)
}
