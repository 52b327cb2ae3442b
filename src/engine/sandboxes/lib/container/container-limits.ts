import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EnforcedBounds, ResourceBounds } from '../../../model/bounds.ts'
import type { RuntimeFacts } from './runtime-facts.ts'

/** Options of `create` that bound a container, and which bounds are enforced. */
export interface ContainerLimits {
  readonly args: readonly string[]
  readonly enforced: EnforcedBounds
}

/** `processors`: how many processors this machine has; docker refuses a higher number. */
export function containerLimitsOf(
  bounds: ResourceBounds,
  can: RuntimeFacts['can'],
  processors: number,
): ContainerLimits {
  const { memory, cpus, processes } = bounds
  return {
    args: [
      ...(can.memory && memory !== null ? ['--memory', String(memory)] : []),
      ...(can.memory && can.swap && memory !== null ? ['--memory-swap', String(memory)] : []),
      ...(can.cpu && cpus !== null ? ['--cpus', String(Math.min(cpus, processors))] : []),
      ...(can.pids && processes !== null ? ['--pids-limit', String(processes)] : []),
    ],
    enforced: { memory: can.memory, cpu: can.cpu, processCount: can.pids, disk: true },
  }
}

/**
 * Whether podman's monitor left a file in the directory of its client that says: the kernel killed a process for want of
 * memory.
 */
export async function ranOutOfMemory(dir: string): Promise<boolean> {
  return readFile(join(dir, 'oom')).then(
    () => true,
    () => false,
  )
}
