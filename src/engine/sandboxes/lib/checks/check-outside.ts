import { readFileSync, readlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isInside } from '../find-tools.ts'
import type { Mount } from '../mount.ts'
import { type MountPoint, mountsBelow, parseMountinfo } from '../mountinfo.ts'
import { descendants } from './descendants.ts'

/** What a run was meant to be. */
export interface IntendedRun {
  readonly mounts: readonly Mount[]
  readonly network: 'deny' | 'allow'
  /** The private directory of the session. A directory above it that is shown shows what the set-up mounts there, too. */
  readonly state: string
  /** The mounts of this machine. */
  readonly points: readonly MountPoint[]
}

const NAMESPACES = ['mnt', 'pid', 'ipc', 'user', 'uts'] as const

/**
 * Looks from outside at the process that is about to become the command, while it waits. Null: its namespaces are its own,
 * and its mounts are those of the plan; else what is wrong. `pid`: the process that was started.
 */
export function checkFromOutside(pid: number, intended: IntendedRun): string | null {
  const inner = descendants(pid).filter((one) => isOwn(one, 'pid'))
  // The shells before it wait for it, so it is the only one without a child.
  const waiting = inner.filter((one) => descendants(one).length === 0)
  const [process] = waiting
  if (process === undefined || waiting.length > 1) return 'its process cannot be found in a namespace of its own'
  const shared = [...NAMESPACES, ...(intended.network === 'deny' ? (['net'] as const) : [])]
  const open = shared.find((name) => !isOwn(process, name))
  return open === undefined ? checkMounts(process, intended) : `it shares the ${open} namespace of this machine`
}

function isOwn(pid: number, name: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/${name}`) !== readlinkSync(`/proc/self/ns/${name}`)
  } catch {
    return false
  }
}

function checkMounts(pid: number, intended: IntendedRun): string | null {
  const text = readFileSync(`/proc/${pid}/mountinfo`, 'latin1')
  const found = new Map(parseMountinfo(text).map((point) => [point.at, point]))
  const planned = plannedPlaces(intended.mounts)
  for (const [at, mount] of planned) {
    const there = found.get(Buffer.from(at).toString('latin1'))
    if (there === undefined) return `${at} is not mounted`
    if (mustBeReadOnly(mount) && !there.readOnly) return `${at} can be written`
  }
  const more = [...found.keys()].find((at) => !isExpected(Buffer.from(at, 'latin1').toString(), planned, intended))
  return more === undefined ? null : `${Buffer.from(more, 'latin1')} is mounted`
}

/** The mounts of a plan by the paths that the kernel shows: without the links of the plan. */
function plannedPlaces(mounts: readonly Mount[]): ReadonlyMap<string, Mount> {
  const links = mounts.filter((mount) => mount.is === 'symlink')
  const place = (at: string): string => {
    const link = links.find((one) => at.startsWith(`${one.at}/`))
    return link === undefined ? at : place(join(resolve(dirname(link.at), link.to), at.slice(link.at.length)))
  }
  return new Map(mounts.flatMap((mount) => (mount.is === 'symlink' ? [] : [[place(mount.at), mount]])))
}

function mustBeReadOnly(mount: Mount): boolean {
  return (mount.is === 'bind' && !mount.writable) || (mount.is === 'mask' && mount.directory)
}

/** A mount of the plan, one that was below the source of a bind, a cache in a layer, the root, or a device. */
function isExpected(at: string, planned: ReadonlyMap<string, Mount>, { points, state }: IntendedRun): boolean {
  if (at === '/' || planned.has(at) || isInside(at, '/dev')) return true
  for (const [top, mount] of planned) {
    if (!isInside(at, top)) continue
    if (mount.is === 'layer' && mount.caches.some((name) => join(top, name) === at)) return true
    if (mount.is !== 'bind' && mount.is !== 'layer') continue
    const source = join(mount.from, at.slice(top.length))
    if (isInside(source, state) || mountsBelow(mount.from, points).some((point) => point.at === source)) return true
  }
  return false
}
