import { readFileSync } from 'node:fs'
import { isInside } from './find-tools.ts'

/** A mount point of this machine and the options that an ordinary user cannot take off a copy of it. */
export interface MountPoint {
  readonly at: string
  readonly locked: readonly string[]
  readonly readOnly: boolean
}

const LOCKED = ['nosuid', 'nodev', 'noexec']

/** Parses the text of /proc/self/mountinfo (proc_pid_mountinfo(5)); if two mounts are at one place, the upper one counts. */
export function parseMountinfo(text: string): readonly MountPoint[] {
  const found = new Map<string, MountPoint>()
  for (const line of text.split('\n')) {
    const [, , , , place, options = ''] = line.split(' ')
    if (place === undefined) continue
    const at = place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    const words = options.split(',')
    found.set(at, { at, locked: words.filter((word) => LOCKED.includes(word)), readOnly: words.includes('ro') })
  }
  return [...found.values()]
}

export function mountPoints(): readonly MountPoint[] {
  return parseMountinfo(readFileSync('/proc/self/mountinfo', 'latin1'))
}

/** The mount that contains a path. */
export function mountOf(path: string, points: readonly MountPoint[]): MountPoint | undefined {
  const over = points.filter((point) => isInside(path, point.at))
  return over.sort((a, b) => b.at.length - a.at.length)[0]
}

/** The mounts below a path, which a recursive bind includes. */
export function mountsBelow(path: string, points: readonly MountPoint[]): readonly MountPoint[] {
  return points.filter((point) => point.at !== path && isInside(point.at, path))
}
