import { join } from 'node:path'
import {
  bindRows,
  FLAGS,
  fstabRow,
  lockedAt,
  MKDIR,
  type OverlayLayer,
  overlayRows,
  scratchDirs,
  scratchRow,
} from './fstab-rows.ts'
import type { Mount } from './mount.ts'
import type { MountPointSupport } from './mount-point-support.ts'
import type { MountPoint } from './mountinfo.ts'

export interface MountStage {
  /** The directory that becomes the root; it contains the symlinks, files and directories that the plan needs. */
  readonly root: string
  /** A directory outside of `root`, a tmpfs during the set-up; layers keep written data there. */
  readonly scratch: string
  readonly points: readonly MountPoint[]
  readonly overlays: boolean
  readonly support: ReadonlyMap<Mount, MountPointSupport>
}

/**
 * Two tables for `mount --all --fstab` (fstab(5)): one process mounts a whole table. After the first table, `files` (empty
 * mount points, one on each line) and `scratchDirs` (names in `scratch`, separated by blanks) are created.
 */
export interface FstabTables {
  readonly first: string
  readonly second: string
  readonly scratchDirs: string
  readonly files: string
}

export function fstabTables(mounts: readonly Mount[], stage: MountStage): FstabTables {
  const layers = mounts.filter((mount): mount is OverlayLayer => stage.overlays && mount.is === 'layer')
  const files = mounts.filter((mount) => stage.support.get(mount) === 'file on tmpfs')
  const late = new Set<Mount>([...layers, ...files])
  const first = [
    fstabRow(stage.root, stage.root, 'none', ['rbind', 'ro', ...FLAGS, ...lockedAt(stage.root, stage.points)]),
    ...(layers.length === 0 ? [] : [scratchRow(stage.scratch)]),
    ...mounts.filter((mount) => !late.has(mount)).flatMap((mount) => rowsOf(mount, stage)),
  ]
  const second = [
    ...layers.flatMap((layer, n) => overlayRows(layer, n, join(stage.root, layer.at), stage.scratch, stage.points)),
    ...files.flatMap((file) => rowsOf(file, stage)),
  ]
  return {
    first: first.join(''),
    second: second.join(''),
    scratchDirs: scratchDirs(layers.length),
    files: files.map((file) => `${join(stage.root, file.at)}\n`).join(''),
  }
}

function rowsOf(mount: Mount, stage: MountStage): readonly string[] {
  const at = join(stage.root, mount.at)
  switch (mount.is) {
    case 'bind':
      return bindRows(mount.from, at, mount.writable, stage.points)
    case 'layer':
      return [
        ...bindRows(mount.from, at, false, stage.points),
        ...mount.caches.map((name) => fstabRow('tmpfs', join(at, name), 'tmpfs', [...FLAGS, 'mode=0755', 'size=5%'])),
      ]
    case 'tmpfs':
      return [fstabRow('tmpfs', at, 'tmpfs', [...FLAGS, MKDIR, `mode=${mount.mode}`, `size=${mount.bytes}`])]
    case 'proc':
      return [fstabRow('proc', at, 'proc', [...FLAGS, 'noexec'])]
    case 'devpts':
      return [fstabRow('devpts', at, 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'])]
    case 'mask':
      return mount.directory
        ? [fstabRow('tmpfs', at, 'tmpfs', [...FLAGS, 'ro', 'mode=0555', 'size=4k'])]
        : [fstabRow('/dev/null', at, 'none', ['bind', 'ro', ...FLAGS])]
    case 'symlink':
      return []
  }
}
