import { readFile } from 'node:fs/promises'
import type { Ended } from '../../model/evidence.ts'
import type { SandboxHost } from '../../ports/sandbox.ts'
import { countIn } from './cgroup-files.ts'
import { watchDisk } from './disk-watch.ts'

type MetBound = Extract<Ended, { how: 'limited' }>['by']

/** How it is known that a run met a bound. */
export interface BoundWatch {
  /** The bound that another part of the system saw being met; asked after the run has ended. */
  met(): Promise<MetBound | null>
  /**
   * The bound to report after the kernel ended the command for want of memory; null: the memory of the whole machine;
   * undefined: ask `met`.
   */
  readonly killed: number | null | undefined
}

/**
 * Runs `work` while the disk is watched. A run that met a bound ends as `limited`, whatever else it showed. The signal that
 * `work` gets fires if the caller's signal fires, or if the disk limit is exceeded.
 */
export async function runWithinBounds<T extends { readonly ended: Ended }>(
  { state, bounds }: Pick<SandboxHost, 'state' | 'bounds'>,
  caller: AbortSignal,
  watch: BoundWatch,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController()
  const disk = watchDisk(state, bounds.disk, () => stopping.abort())
  const before = watch.killed === undefined ? null : await memoryKills()
  try {
    const finished = await work(AbortSignal.any([caller, stopping.signal]))
    const full = await disk.end()
    if (caller.aborted) return finished
    const by = (await watch.met()) ?? (full ? 'disk' : null)
    if (by !== null) return { ...finished, ended: { how: 'limited', by, bound: bounds[by] } }
    if (watch.killed === undefined || !(await starved(finished.ended, before))) return finished
    return { ...finished, ended: { how: 'limited', by: 'memory', bound: watch.killed } }
  } finally {
    await disk.end()
  }
}

/** How many processes of this machine the kernel has killed for want of memory; null where it does not say. */
async function memoryKills(): Promise<number | null> {
  const text = await readFile('/proc/vmstat', 'latin1').catch(() => null)
  return text === null ? null : countIn(text, 'oom_kill')
}

/** Used without a cgroup: whether the command was killed, and the kernel killed a process for want of memory in the meantime. */
async function starved(ended: Ended, before: number | null): Promise<boolean> {
  const byKill = ended.how === 'signalled' ? ended.signal === 'SIGKILL' : ended.how === 'exited' && ended.code === 137
  return byKill && before !== null && ((await memoryKills()) ?? 0) > before
}
