import { dirname, join, relative } from 'node:path'
import { type CgroupController, CONTROLLERS } from './cgroup-files.ts'

/** A directory of a cgroup file system in which we may try to create cgroups, and what these can bound. */
export interface CgroupHierarchy {
  readonly version: 1 | 2
  readonly dir: string
  readonly controllers: readonly CgroupController[]
}

interface CgroupMount {
  readonly version: 1 | 2
  /** Which part of the hierarchy is mounted; '/' for all of it. */
  readonly root: string
  readonly at: string
  readonly options: readonly string[]
}

/**
 * Where our cgroups would be, read from the texts of /proc/self/mountinfo and /proc/self/cgroup (proc_pid_mountinfo(5),
 * cgroups(7)) and from cgroup.subtree_control of a directory. They go below our own cgroup, so that its bounds apply to them,
 * too. In version 2 they go next to it, because there a cgroup with processes passes no controller on. No existing
 * subtree_control is changed.
 */
export function cgroupHierarchies(
  mountinfo: string,
  own: string,
  subtreeControl: (dir: string) => string,
): readonly CgroupHierarchy[] {
  const mounts = cgroupMounts(mountinfo)
  return own.split('\n').flatMap((line): readonly CgroupHierarchy[] => {
    const [, number, names = '', path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? []
    if (path === undefined) return []
    const version = number === '0' && names === '' ? 2 : 1
    const mount = mounts.find((one) => one.version === version && (version === 2 || holds(one, names)))
    const dir = mount === undefined ? null : directory(mount, path)
    if (mount === undefined || dir === null) return []
    if (version === 1) {
      const controllers = known(names.split(','))
      return controllers.length === 0 ? [] : [{ version, dir, controllers }]
    }
    const offered = (at: string) => known(subtreeControl(at).trim().split(' '))
    const beside = dir === mount.at ? dir : dirname(dir)
    return [...new Set([beside, dir])].map((at) => ({ version, dir: at, controllers: offered(at) }))
  })
}

function holds({ options }: CgroupMount, names: string): boolean {
  return names.split(',').every((name) => options.includes(name))
}

function known(names: readonly string[]): readonly CgroupController[] {
  return CONTROLLERS.filter((name) => names.includes(name))
}

/** Null if our cgroup is outside of the mounted part. */
function directory({ root, at }: CgroupMount, path: string): string | null {
  const below = relative(root, path)
  return below.startsWith('..') ? null : join(at, below)
}

function cgroupMounts(mountinfo: string): readonly CgroupMount[] {
  return mountinfo.split('\n').flatMap((line): readonly CgroupMount[] => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root, at] = before.split(' ')
    const [type, , options = ''] = after.split(' ')
    if ((type !== 'cgroup' && type !== 'cgroup2') || root === undefined || at === undefined) return []
    return [{ version: type === 'cgroup2' ? 2 : 1, root, at, options: options.split(',') }]
  })
}
