import { spawn } from 'node:child_process'
import { rename } from 'node:fs/promises'
import { removeTree } from './remove-tree.ts'

const REMOVE = '/bin/rm'

/**
 * Takes a large directory out of the way and lets another process remove it, for which nobody waits. `aside`: a new name on
 * the same file system, at which a later sweep finds what is left. The directory may be gone already.
 */
export async function removeAside(dir: string, aside: string): Promise<void> {
  const moved = await rename(dir, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return removeTree(dir)
  const remover = spawn(REMOVE, ['-rf', '--', aside], { detached: true, stdio: 'ignore', env: {}, cwd: '/' })
  remover.on('error', () => {})
  remover.unref()
}
