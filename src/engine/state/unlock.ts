import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Makes every directory below one we may remove readable and writable again; follows no link. */
export async function chmodTree(dir: string): Promise<void> {
  if (!(await lstat(dir)).isDirectory()) return
  await chmod(dir, 0o700)
  for (const name of await readdir(dir)) await chmodTree(join(dir, name))
}
