import { join } from 'node:path'
import type { Mount } from './mount.ts'
import { type MountPoint, mountOf, mountsBelow } from './mountinfo.ts'

export type OverlayLayer = Extract<Mount, { is: 'layer' }>

export const FLAGS = ['nosuid', 'nodev']
export const MKDIR = 'X-mount.mkdir=0755'

/** One line of fstab(5). */
export function fstabRow(source: string, target: string, type: string, options: readonly string[]): string {
  return `${escaped(source)} ${escaped(target)} ${type} ${escaped([...new Set(options)].join(','))} 0 0\n`
}

/** fstab(5) writes blanks as octal numbers; a '#' would begin a comment. */
function escaped(field: string): string {
  return field.replace(/[\s\\#]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

/** A recursive bind also mounts what is mounted below, but does not apply `ro` there, so each of these mounts is bound again. */
export function bindRows(
  from: string,
  at: string,
  writable: boolean,
  points: readonly MountPoint[],
): readonly string[] {
  const flags = ['rbind', writable ? 'rw' : 'ro', ...(from.startsWith('/dev/') ? ['nosuid'] : FLAGS), MKDIR]
  const below = writable ? [] : mountsBelow(from, points)
  return [
    fstabRow(from, at, 'none', [...flags, ...lockedAt(from, points)]),
    ...below.map((point) =>
      fstabRow(point.at, join(at, point.at.slice(from.length)), 'none', [...flags, ...point.locked]),
    ),
  ]
}

/** The options that an ordinary user must keep when a copy of a mount is remounted. */
export function lockedAt(path: string, points: readonly MountPoint[]): readonly string[] {
  return mountOf(path, points)?.locked ?? []
}

/** The tmpfs on `scratch` where layers keep written data, in `scratchDirs(n)` for n layers. */
export function scratchRow(scratch: string): string {
  return fstabRow('tmpfs', scratch, 'tmpfs', ['mode=0700', 'size=25%'])
}

export function scratchDirs(count: number): string {
  return Array.from({ length: count }, (_, n) => `upper-${n} work-${n}`).join(' ')
}

/** The lower directory is bound to a plain name first, because paths in the options must not contain ':' or ','. */
export function overlayRows(
  { from }: OverlayLayer,
  n: number,
  at: string,
  scratch: string,
  points: readonly MountPoint[],
): readonly string[] {
  const [lower = '', upper, work] = ['lower', 'upper', 'work'].map((name) => join(scratch, `${name}-${n}`))
  const options = [`lowerdir=${lower}`, `upperdir=${upper}`, `workdir=${work}`, 'userxattr']
  return [...bindRows(from, lower, false, points), fstabRow('overlay', at, 'overlay', [...FLAGS, MKDIR, ...options])]
}
