import { existsSync, mkdirSync, rmdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentsOf } from '../../core/paths/index.ts'
import type { Mount } from './mount.ts'
import { lstatOrNull, pathState } from './path-state.ts'

/**
 * What is below a mount point, which decides who has to create it: the root directory that we build, the work tree, a tmpfs
 * (directories are created while mounting, files must wait for it), or something that already contains it.
 */
export type MountPointSupport = 'root' | 'tree' | 'tmpfs' | 'file on tmpfs' | 'there'

export function supportOf(mounts: readonly Mount[], checkout: string): ReadonlyMap<Mount, MountPointSupport> {
  const places = new Map(mounts.filter((mount) => mount.is !== 'symlink').map((mount) => [mount.at, mount]))
  const under = (at: string): Mount | undefined => {
    if (at === '/') return undefined
    return places.get(dirname(at)) ?? under(dirname(at))
  }
  return new Map(
    mounts.map((mount) => {
      const base = under(mount.at)
      if (base === undefined) return [mount, 'root']
      if (base.is === 'tmpfs') return [mount, isFile(mount) ? 'file on tmpfs' : 'tmpfs']
      return [mount, base.at === checkout ? 'tree' : 'there']
    }),
  )
}

/** Creates the missing symlinks, files and directories of the new root. */
export function buildRoot(
  root: string,
  mounts: readonly Mount[],
  support: ReadonlyMap<Mount, MountPointSupport>,
): void {
  mkdirSync(join(root, 'mnt'), { recursive: true, mode: 0o755 })
  for (const mount of mounts) {
    const at = join(root, mount.at)
    if (support.get(mount) !== 'root' || lstatOrNull(at) !== null) continue
    mkdirSync(isFile(mount) || mount.is === 'symlink' ? dirname(at) : at, { recursive: true, mode: 0o755 })
    if (mount.is === 'symlink') symlinkSync(mount.to, at)
    else if (isFile(mount)) writeFileSync(at, '')
  }
}

/**
 * Creates the mount points in a work tree and returns a function that removes them: only those that were created here, are
 * still empty, and are still reached without a symlink, whatever the command did.
 */
export function makeMountPoints(tree: string, checkout: string, mounts: readonly Mount[]): () => void {
  const made: string[] = []
  for (const mount of mounts) {
    const path = mount.at.slice(checkout.length + 1)
    if (pathState(tree, path) !== 'absent') continue
    for (const parent of parentsOf(path)) {
      if (existsSync(join(tree, parent))) continue
      mkdirSync(join(tree, parent))
      made.push(parent)
    }
    if (isFile(mount)) writeFileSync(join(tree, path), '')
    else mkdirSync(join(tree, path))
    made.push(path)
  }
  return () => {
    for (const path of made.reverse()) removeEmpty(tree, path)
  }
}

function removeEmpty(tree: string, path: string): void {
  const at = join(tree, path)
  try {
    const there = pathState(tree, path)
    if (there === 'directory') rmdirSync(at)
    else if (there === 'file' && lstatOrNull(at)?.size === 0) unlinkSync(at)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
  }
}

/** True for a mount on a file. */
function isFile(mount: Mount): boolean {
  if (mount.is === 'mask') return !mount.directory
  return mount.is === 'bind' && lstatOrNull(mount.from)?.isDirectory() === false
}
