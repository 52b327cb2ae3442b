import { readFileSync } from 'node:fs'
import type { ResourceBounds } from '../../model/bounds.ts'
import { runProgram } from '../../platform/index.ts'
import type { SandboxHost } from '../../ports/sandbox.ts'
import { type Cgroup, makeCgroup } from './cgroup.ts'
import { type CgroupController, FILES } from './cgroup-files.ts'
import { type CgroupHierarchy, cgroupHierarchies } from './cgroup-hierarchies.ts'
import { cgroupPrefix, noteCgroups } from './cgroup-journal.ts'
import { findTool } from './find-tools.ts'

/** Makes a cgroup for each run. */
export interface CgroupFactory {
  /** Which bounds are really enforced here. */
  readonly controllers: ReadonlySet<CgroupController>
  open(): Promise<Cgroup>
  /** Arguments before a program, so that it is a member of the cgroup before its first instruction. */
  join(cgroup: Cgroup): readonly string[]
}

/** For `sh -c JOIN pp DIR… -- ARGV…`. If a directory refuses the process, it says so on descriptor 3, if that is open. */
const JOIN = `while [ "$1" != -- ]; do
  { echo 0 >"$1/cgroup.procs" || { echo 'it may not enter its cgroup' >&3; exit 125; }; } 2>/dev/null
  shift
done
shift
exec "$@"`

/**
 * How a place is tested: a process must be able to enter a cgroup that allows one process, and must not be able to fork
 * there.
 */
const ALONE: ResourceBounds = { memory: 64 * 1024 * 1024, cpus: 1, processes: 1, disk: null }

/** The places where cgroups can be created and joined, each one tested; null if there is none. */
export async function openCgroups(host: SandboxHost, tools: readonly string[]): Promise<CgroupFactory | null> {
  const sh = findTool(tools, 'sh')
  const found = sh === null ? [] : candidates()
  if (sh === null || found.length === 0) return null
  const join = ({ dirs }: Cgroup, argv: readonly string[] = []) => [sh, '-c', JOIN, 'pp', ...dirs, '--', ...argv]
  const prefix = cgroupPrefix(host.session)
  await noteCgroups(
    host.state,
    found.map(({ dir }) => dir),
  )
  const sound = await Promise.all(
    found.map((place) =>
      host.probes.recall(`cgroup ${place.version} ${place.dir}`, [sh], async () =>
        (await works(place, prefix, join)) ? 'works' : null,
      ),
    ),
  )
  const working = found.filter((_, n) => sound[n]?.shown != null)
  const newest = working.find(({ version }) => version === 2)
  const places = working.filter((place) => place.version === 1 || place === newest)
  const [first] = places
  if (first === undefined) return null
  const used = places.filter((place) => place.version === 2 || sets(place, host.bounds))
  return {
    controllers: new Set(places.flatMap(({ controllers }) => controllers)),
    open: () => makeCgroup(used.length === 0 ? [first] : used, prefix, host.bounds),
    join,
  }
}

/** The hierarchies of our own cgroups; [] without /proc. */
function candidates(): readonly CgroupHierarchy[] {
  const text = (file: string) => {
    try {
      return readFileSync(file, 'latin1')
    } catch {
      return ''
    }
  }
  return cgroupHierarchies(text('/proc/self/mountinfo'), text('/proc/self/cgroup'), (dir) =>
    text(`${dir}/cgroup.subtree_control`),
  )
}

/** A directory is not created if no bound needs it. */
function sets({ version, controllers }: CgroupHierarchy, bounds: ResourceBounds): boolean {
  const settings = FILES[version].settings(bounds)
  return controllers.some((controller) => settings[controller].length > 0)
}

async function works(
  place: CgroupHierarchy,
  prefix: string,
  join: (cgroup: Cgroup, argv: readonly string[]) => readonly string[],
): Promise<boolean> {
  const cgroup = await makeCgroup([place], prefix, ALONE).catch(() => null)
  if (cgroup === null) return false
  try {
    const [program = '', ...args] = join(cgroup, ['/bin/sh', '-c', '(:); :'])
    const end = await runProgram({ program, args, env: {}, timeoutMs: 5000 })
    const code = end.how === 'exited' ? end.code : null
    if (code === 125) return false
    const forked = code === 0
    return !place.controllers.includes('pids') || (!forked && cgroup.met() === 'processes')
  } finally {
    await cgroup.dispose()
  }
}
