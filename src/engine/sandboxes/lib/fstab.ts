import { join } from 'node:path'
import type { Mount } from './mount.ts'
import { type MountPoint, mountOf, mountsBelow } from './mountinfo.ts'
import type { Support } from './support.ts'

export interface Stage {
  /** Directory that becomes the root; what the plan needs of symlinks, files and directories stands in it. */
  readonly root: string
  /** Directory outside `root`, a tmpfs during the set-up: there the layers keep what is written. */
  readonly scratch: string
  readonly points: readonly MountPoint[]
  readonly overlays: boolean
  readonly support: (mount: Mount) => Support
}

/**
 * Two tables for `mount --all --fstab` (fstab(5)): one process mounts a whole table. Between them are made `files`, empty mount
 * points, one a line, and `scratchDirs` in `scratch`, names with blanks between.
 */
export interface Tables {
  readonly first: string
  readonly second: string
  readonly scratchDirs: string
  readonly files: string
}

type Layer = Extract<Mount, { is: 'layer' }>

export function tables(mounts: readonly Mount[], stage: Stage): Tables {
  const layers = mounts.filter((mount): mount is Layer => stage.overlays && mount.is === 'layer')
  const files = mounts.filter((mount) => stage.support(mount) === 'file on tmpfs')
  const late = new Set<Mount>([...layers, ...files])
  const first = [
    row(stage.root, stage.root, 'none', ['rbind', 'ro', ...FLAGS, ...lockedAt(stage.root, stage)]),
    ...(layers.length === 0 ? [] : [row('tmpfs', stage.scratch, 'tmpfs', ['mode=0700', 'size=25%'])]),
    ...mounts.filter((mount) => !late.has(mount)).flatMap((mount) => rowsOf(mount, stage)),
  ]
  const second = [
    ...layers.flatMap((layer, n) => overlay(layer, n, stage)),
    ...files.flatMap((file) => rowsOf(file, stage)),
  ]
  return {
    first: first.join(''),
    second: second.join(''),
    scratchDirs: layers.map((_, n) => `upper-${n} work-${n}`).join(' '),
    files: files.map((file) => `${join(stage.root, file.at)}\n`).join(''),
  }
}

function rowsOf(mount: Mount, stage: Stage): readonly string[] {
  const at = join(stage.root, mount.at)
  switch (mount.is) {
    case 'bind':
      return bind(mount.from, at, mount.writable, stage)
    case 'layer':
      return [
        ...bind(mount.from, at, false, stage),
        ...mount.caches.map((name) => row('tmpfs', join(at, name), 'tmpfs', [...FLAGS, 'mode=0755', 'size=5%'])),
      ]
    case 'tmpfs':
      return [row('tmpfs', at, 'tmpfs', [...FLAGS, MKDIR, `mode=${mount.mode}`, `size=${mount.bytes}`])]
    case 'proc':
      return [row('proc', at, 'proc', [...FLAGS, 'noexec'])]
    case 'devpts':
      return [row('devpts', at, 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'])]
    case 'mask':
      return mount.directory
        ? [row('tmpfs', at, 'tmpfs', [...FLAGS, 'ro', 'mode=0555', 'size=4k'])]
        : [row('/dev/null', at, 'none', ['bind', 'ro', ...FLAGS])]
    case 'symlink':
      return []
  }
}

const FLAGS = ['nosuid', 'nodev']
const MKDIR = 'X-mount.mkdir=0755'

/** A recursive bind carries mounts below it along, but not `ro` to them: each of them is bound again. */
function bind(from: string, at: string, writable: boolean, stage: Stage): readonly string[] {
  const flags = ['rbind', writable ? 'rw' : 'ro', ...(from.startsWith('/dev/') ? ['nosuid'] : FLAGS), MKDIR]
  const below = writable ? [] : mountsBelow(from, stage.points)
  return [
    row(from, at, 'none', [...flags, ...lockedAt(from, stage)]),
    ...below.map((point) => row(point.at, join(at, point.at.slice(from.length)), 'none', [...flags, ...point.locked])),
  ]
}

/** The lower directory is bound to a plain name first: what stands in the options must not hold ':' or ','. */
function overlay({ from, at }: Layer, n: number, stage: Stage): readonly string[] {
  const [lower, upper, work] = ['lower', 'upper', 'work'].map((name) => join(stage.scratch, `${name}-${n}`))
  const options = [`lowerdir=${lower}`, `upperdir=${upper}`, `workdir=${work}`, 'userxattr']
  return [
    ...bind(from, lower ?? '', false, stage),
    row('overlay', join(stage.root, at), 'overlay', [...FLAGS, MKDIR, ...options]),
  ]
}

/** What an ordinary user must keep when remounting a copy of a mount. */
function lockedAt(path: string, { points }: Stage): readonly string[] {
  return mountOf(path, points)?.locked ?? []
}

function row(source: string, target: string, type: string, options: readonly string[]): string {
  return `${escaped(source)} ${escaped(target)} ${type} ${escaped([...new Set(options)].join(','))} 0 0\n`
}

/** fstab(5) knows blanks as octal; a '#' would begin a comment. */
function escaped(field: string): string {
  return field.replace(/[\s\\#]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
