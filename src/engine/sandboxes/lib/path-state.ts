import { lstatSync, type Stats } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { PpError } from '../../model/error.ts'
import type { SandboxJob } from '../../ports/sandbox.ts'

/** The state of a path in a work tree. `astray`: the path leaves the tree, or goes through a symlink or a file. */
export type PathState = 'file' | 'directory' | 'absent' | 'astray'

/** Checks `path` ('/'-separated, relative to `top`) component by component; follows no symlink. */
export function pathState(top: string, path: string): PathState {
  if (isAbsolute(path)) return 'astray'
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) return 'astray'
  let at = top
  let found: Stats | null = lstatOrNull(top)
  for (const part of parts) {
    if (found === null) return 'absent'
    if (!found.isDirectory()) return 'astray'
    at = join(at, part)
    found = lstatOrNull(at)
  }
  if (found === null) return 'absent'
  if (found.isDirectory()) return 'directory'
  return found.isFile() ? 'file' : 'astray'
}

/** lstat; null if nothing is there. */
export function lstatOrNull(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}

/** The directory of the work tree in which a command starts. Throws SETUP_FAILED if the tree itself has no such directory. */
export function startIn({ workspace, cwd }: Pick<SandboxJob, 'workspace' | 'cwd'>): string {
  if (pathState(workspace.dir, cwd) === 'directory') return join(workspace.dir, cwd)
  throw new PpError('SETUP_FAILED', `the directory ${cwd} does not exist in this tree`)
}
