import type { ResourceBounds } from '../../model/bounds.ts'

export const CONTROLLERS = ['memory', 'pids', 'cpu'] as const
export type CgroupController = (typeof CONTROLLERS)[number]

/**
 * A file of a cgroup and the text to write into it. `optional`: without the file the kernel bounds less, but no enforced
 * bound depends on it.
 */
export interface CgroupSetting {
  readonly file: string
  readonly text: string
  readonly optional?: true
}

/** The differences between the two versions of cgroups: how a bound is set, and where the kernel shows that it was met. */
export interface CgroupFiles {
  settings(bounds: ResourceBounds): Readonly<Record<CgroupController, readonly CgroupSetting[]>>
  /** The file and key of the counter that rises each time the bound is met. */
  readonly met: Readonly<Record<'memory' | 'pids', { readonly file: string; readonly key: string }>>
}

/** The period in microseconds for which `quota` applies. */
const PERIOD = 100_000

/** https://docs.kernel.org/admin-guide/cgroup-v1/memory.html, pids.html, and scheduler/sched-bwc.html */
const V1: CgroupFiles = {
  settings: ({ memory, cpus, processes }) => ({
    memory: of(memory, (bytes) => [
      { file: 'memory.limit_in_bytes', text: String(bytes) },
      // Memory and swap together, so that swapping cannot avoid the bound.
      { file: 'memory.memsw.limit_in_bytes', text: String(bytes), optional: true },
    ]),
    pids: of(processes, (count) => [{ file: 'pids.max', text: String(count) }]),
    cpu: of(cpus, (count) => [
      { file: 'cpu.cfs_period_us', text: String(PERIOD) },
      { file: 'cpu.cfs_quota_us', text: String(quota(count)) },
    ]),
  }),
  met: { memory: { file: 'memory.oom_control', key: 'oom_kill' }, pids: { file: 'pids.events', key: 'max' } },
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html */
const V2: CgroupFiles = {
  settings: ({ memory, cpus, processes }) => ({
    memory: of(memory, (bytes) => [
      { file: 'memory.max', text: String(bytes) },
      { file: 'memory.swap.max', text: '0', optional: true },
      { file: 'memory.oom.group', text: '1', optional: true },
    ]),
    pids: of(processes, (count) => [{ file: 'pids.max', text: String(count) }]),
    cpu: of(cpus, (count) => [{ file: 'cpu.max', text: `${quota(count)} ${PERIOD}` }]),
  }),
  met: { memory: { file: 'memory.events', key: 'oom_kill' }, pids: { file: 'pids.events', key: 'max' } },
}

export const FILES: Readonly<Record<1 | 2, CgroupFiles>> = { 1: V1, 2: V2 }

/** The number after a key in a file of `key number` lines; 0 if the key is missing. */
export function countIn(text: string, key: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${key} `))
  return Number(line?.slice(key.length + 1) ?? 0)
}

function of<T>(bound: number | null, settings: (bound: number) => readonly T[]): readonly T[] {
  return bound === null ? [] : settings(bound)
}

/** The kernel accepts no quota below one millisecond. */
function quota(cpus: number): number {
  return Math.max(1000, Math.round(cpus * PERIOD))
}
