import { readFile } from 'node:fs/promises'
import type { Bounding } from '../../model/bounds.ts'
import type { Ended } from '../../model/evidence.ts'
import type { SandboxHost } from '../../ports/sandbox.ts'
import { countIn } from './cgroup-files.ts'
import { openCgroups } from './cgroups.ts'
import { watchDisk } from './disk-watch.ts'
import { execute, type Finished, type Spec } from './process.ts'
import { processLimit } from './process-limit.ts'

/** Runs processes within the bounds of a session, and says which of them hold. */
export interface Bounded {
  readonly enforces: Bounding
  /** Argv to stand before the command itself, inside its user namespace. */
  readonly inside: readonly string[]
  /** True: a program that may not enter its cgroup says so on descriptor 3 and never starts. */
  readonly joins: boolean
  /** As `execute`; a run that met a bound ended as `limited`, whatever else it showed. */
  execute(spec: Spec): Promise<Finished>
}

/** `ownUsers`: commands will run in a user namespace of their own. */
export async function bounded(host: SandboxHost, tools: readonly string[], ownUsers: boolean): Promise<Bounded> {
  const { bounds } = host
  const cgroups = await openCgroups(host, tools)
  const has = (name: 'memory' | 'pids' | 'cpu') => cgroups?.controllers.has(name) ?? false
  const limit = has('pids') || !ownUsers ? null : await processLimit(tools, host.uid, bounds.processes)

  async function run(spec: Spec): Promise<Finished> {
    const cgroup = await cgroups?.open()
    const stopping = new AbortController()
    const disk = watchDisk(host.state, bounds.disk, () => stopping.abort())
    const killed = has('memory') ? null : await memoryKills()
    try {
      const finished = await execute({
        ...spec,
        argv: [...(cgroup ? (cgroups?.join(cgroup) ?? []) : []), ...spec.argv],
        signal: AbortSignal.any([spec.signal, stopping.signal]),
        sweep: async () => {
          await Promise.all([spec.sweep?.(), cgroup?.kill()])
        },
      })
      const full = await disk.end()
      if (spec.signal.aborted) return finished
      const met = cgroup?.met() ?? (full ? 'disk' : null)
      if (met !== null) return { ...finished, ended: { how: 'limited', by: met, bound: bounds[met] } }
      if (!(await starved(finished.ended, killed))) return finished
      return { ...finished, ended: { how: 'limited', by: 'memory', bound: null } }
    } finally {
      await disk.end()
      await cgroup?.dispose()
    }
  }
  return {
    enforces: {
      memory: has('memory'),
      cpu: has('cpu'),
      processCount: has('pids') || limit !== null,
      disk: true,
    },
    inside: limit ?? [],
    joins: cgroups !== null,
    execute: run,
  }
}

/** How many processes of this machine the kernel has killed for want of memory; null where it does not say. */
async function memoryKills(): Promise<number | null> {
  const text = await readFile('/proc/vmstat', 'latin1').catch(() => null)
  return text === null ? null : countIn(text, 'oom_kill')
}

/** Without a cgroup: it was killed, and while it ran the kernel killed for want of memory. */
async function starved(ended: Ended, before: number | null): Promise<boolean> {
  const byKill = ended.how === 'signalled' ? ended.signal === 'SIGKILL' : ended.how === 'exited' && ended.code === 137
  return byKill && before !== null && ((await memoryKills()) ?? 0) > before
}
