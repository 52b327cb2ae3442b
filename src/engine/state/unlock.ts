import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes a tree, also where a command made directories unreadable. Nothing there is fine. */
export async function removeTree(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch(async () => {
    await chmodTree(dir)
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  })
}

/** Makes every directory below one we may remove readable and writable again; follows no link. */
async function chmodTree(dir: string): Promise<void> {
  if (!(await lstat(dir).catch(() => null))?.isDirectory()) return
  await chmod(dir, 0o700)
  for (const name of await readdir(dir)) await chmodTree(join(dir, name))
}
