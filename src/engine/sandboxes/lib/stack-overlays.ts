import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OverlayLayer, overlayRows, scratchDirs, scratchRow } from './fstab-rows.ts'
import type { Mount } from './mount.ts'
import type { MountPoint } from './mountinfo.ts'

/** Written to descriptor 3: the layers are mounted. */
export const STACKED = 'stacked'

/** For `sh -c STACK pp DIR DIRS ARGV…`, as root of a fresh user and mount namespace: mounts the layers, then becomes ARGV. */
const STACK = `set -e
mount --all --fstab "$1/first"
cd "$1/scratch"
mkdir $2
mount --all --fstab "$1/second"
cd /
echo ${STACKED} >&3
shift 2
exec "$@"`

/**
 * Overlays for a backend that cannot make them: they are mounted before it starts, below the private directory `dir`, and the
 * backend gets them as plain directories. `mounts`: the plan without layers; `prefix`: the arguments before those of the
 * backend.
 */
export function stackOverlays(
  mounts: readonly Mount[],
  dir: string,
  points: readonly MountPoint[],
  tools: { readonly unshare: string; readonly sh: string },
): { readonly mounts: readonly Mount[]; readonly prefix: readonly string[] } {
  const layers = mounts.filter((mount): mount is OverlayLayer => mount.is === 'layer')
  if (layers.length === 0) return { mounts, prefix: [] }
  const scratch = join(dir, 'scratch')
  const place = (layer: OverlayLayer) => join(scratch, `layer-${layers.indexOf(layer)}`)
  const second = layers.flatMap((layer, n) => overlayRows(layer, n, place(layer), scratch, points))
  mkdirSync(scratch)
  writeFileSync(join(dir, 'first'), scratchRow(scratch))
  writeFileSync(join(dir, 'second'), second.join(''))
  const spaces = ['--user', '--map-root-user', '--mount', '--']
  return {
    mounts: mounts.map((mount) =>
      mount.is === 'layer' ? { is: 'bind', from: place(mount), at: mount.at, writable: true } : mount,
    ),
    prefix: [tools.unshare, ...spaces, tools.sh, '-c', STACK, 'pp', dir, scratchDirs(layers.length)],
  }
}
