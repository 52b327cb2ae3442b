import { join } from 'node:path'
import type { Mount } from './mount.ts'

/**
 * The options of bwrap(1) for a plan. `overlays`: this bwrap can mount overlays (0.11 and later); otherwise layers are
 * read-only, with writable directories for the caches of tools.
 */
export function bwrapMounts(mounts: readonly Mount[], overlays: boolean): readonly string[] {
  // bwrap creates /dev itself, with its own terminal multiplexer; only shared memory has no limit there.
  const shared = mounts.filter((mount) => !mount.at.startsWith('/dev/') || mount.at === '/dev/shm')
  const dev = shared.findIndex((mount) => mount.at === '/dev/shm')
  const before = shared.slice(0, dev).flatMap((mount) => optionsOf(mount, overlays))
  const after = shared.slice(dev).flatMap((mount) => optionsOf(mount, overlays))
  return [...before, '--dev', '/dev', ...after, '--remount-ro', '/']
}

function optionsOf(mount: Mount, overlays: boolean): readonly string[] {
  switch (mount.is) {
    case 'bind':
      return [mount.writable ? '--bind' : '--ro-bind', mount.from, mount.at]
    case 'layer':
      if (overlays) return ['--overlay-src', mount.from, '--tmp-overlay', mount.at]
      return [
        ...['--ro-bind', mount.from, mount.at],
        ...mount.caches.flatMap((name) => tmpfs(join(mount.at, name), '0755', 1 << 28)),
      ]
    case 'tmpfs':
      return tmpfs(mount.at, mount.mode, mount.bytes)
    case 'symlink':
      return ['--symlink', mount.to, mount.at]
    case 'proc':
      return ['--proc', mount.at]
    case 'devpts':
      return []
    case 'mask':
      if (!mount.directory) return ['--ro-bind', '/dev/null', mount.at]
      return [...tmpfs(mount.at, '0555', 4096), '--remount-ro', mount.at]
  }
}

function tmpfs(at: string, mode: string, bytes: number): readonly string[] {
  return ['--perms', mode, '--size', String(bytes), '--tmpfs', at]
}
