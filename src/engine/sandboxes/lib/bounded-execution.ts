import type { EnforcedBounds } from '../../model/bounds.ts'
import type { SandboxHost } from '../../ports/sandbox.ts'
import { openCgroups } from './cgroups.ts'
import { processLimit } from './process-limit.ts'
import { type FinishedProcess, type ProcessSpecification, runProcess } from './run-process.ts'
import { runWithinBounds } from './run-within-bounds.ts'

/** Runs processes within the bounds of a session, and says which of the bounds are enforced. */
export interface BoundedExecution {
  readonly enforces: EnforcedBounds
  /** Arguments before the command itself, inside its user namespace. */
  readonly inside: readonly string[]
  /** True: a program that cannot enter its cgroup says so on descriptor 3 and never starts. */
  readonly joins: boolean
  /** Like `runProcess`; a run that met a bound ends as `limited`, whatever else it showed. */
  execute(spec: ProcessSpecification): Promise<FinishedProcess>
}

/** `ownUsers`: commands will run in their own user namespace. */
export async function boundedExecution(
  host: SandboxHost,
  tools: readonly string[],
  ownUsers: boolean,
): Promise<BoundedExecution> {
  const { bounds } = host
  const cgroups = await openCgroups(host, tools)
  const has = (name: 'memory' | 'pids' | 'cpu') => cgroups?.controllers.has(name) ?? false
  const limit = has('pids') || !ownUsers ? null : await processLimit(tools, host.uid, bounds.processes)

  async function run(spec: ProcessSpecification): Promise<FinishedProcess> {
    const cgroup = await cgroups?.open()
    const watch = { met: async () => cgroup?.met() ?? null, killed: has('memory') ? undefined : null }
    try {
      return await runWithinBounds(host, spec.signal, watch, (signal) =>
        runProcess({
          ...spec,
          argv: [...(cgroup ? (cgroups?.join(cgroup) ?? []) : []), ...spec.argv],
          signal,
          sweep: async () => {
            await Promise.all([spec.sweep?.(), cgroup?.kill()])
          },
        }),
      )
    } finally {
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
