import type { EnforcedBounds, ResourceBounds } from '../../model/bounds.ts'
import type { Ended } from '../../model/evidence.ts'

type LimitedEnd = Extract<Ended, { how: 'limited' }>

/** The key of the policy that sets a bound. */
export const KEY_OF_BOUND: Readonly<Record<LimitedEnd['by'], string>> = {
  memory: 'sandbox.memory_limit',
  processes: 'limits.max_processes',
  disk: 'limits.max_worktree_bytes',
}

/** Why a run that met a bound decides nothing, in words for people. */
export function describeMetBound({ by, bound }: LimitedEnd): string {
  if (by === 'memory' && bound === null) return 'the machine ran out of memory, and the system killed the command'
  if (by === 'processes') return `the command wanted more processes and threads than the limit of ${bound}`
  const what = by === 'memory' ? 'memory' : 'disk space'
  return `the command wanted more ${what} than the limit of ${bound === null ? 'the machine' : formatBytes(bound)}`
}

/** The bounds that are set but not enforced here, one word each; [] if all are enforced. */
export function unenforcedBounds(enforces: EnforcedBounds, bounds: ResourceBounds): readonly string[] {
  const open: readonly (readonly [string, number | null, boolean])[] = [
    ['memory', bounds.memory, enforces.memory],
    ['processors', bounds.cpus, enforces.cpu],
    ['number of processes', bounds.processes, enforces.processCount],
    ['disk', bounds.disk, enforces.disk],
  ]
  return open.filter(([, bound, holds]) => bound !== null && !holds).map(([word]) => word)
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

/** 2147483648 → '2 GiB', 1610612736 → '1.5 GiB'. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${UNITS[power]}`
}

/** '2g' → 2147483648; a number without a letter is bytes. */
export function parseBytes(size: string): number {
  const unit = 'bkmgt'.indexOf(size.slice(-1).toLowerCase())
  return Number.parseInt(size, 10) * 1024 ** Math.max(unit, 0)
}
