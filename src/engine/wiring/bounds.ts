import { availableParallelism, totalmem } from 'node:os'
import { parseBytes } from '../core/bounds/index.ts'
import type { ResourceBounds } from '../model/bounds.ts'
import type { Policy } from '../model/policy.ts'
import { DEFAULT_LIMITS } from '../model/policy-values.ts'

/** The share of the available memory for a run; the rest is for git pp, git and other users of the machine. */
const SHARE = 3 / 4
/** Runners start a worker with a dozen threads for each processor. */
const PROCESSES_PER_CPU = 64

/**
 * How much of this machine a run may use: what the policy says, else a default for this machine. These bounds protect the
 * machine and do not limit a change, so their defaults apply to `prove`, too.
 */
export function boundsOf({ limits, sandbox, sources }: Pick<Policy, 'limits' | 'sandbox' | 'sources'>): ResourceBounds {
  const { memoryLimit, cpuLimit } = sandbox
  const written = sources['policy.limits.max_processes']?.from !== 'default' ? limits.maxProcesses : null
  return {
    memory: memoryLimit === null ? Math.floor(memoryHere() * SHARE) : parseBytes(memoryLimit),
    cpus: cpuLimit === null ? null : Number(cpuLimit),
    processes: written ?? Math.max(DEFAULT_LIMITS.max_processes, PROCESSES_PER_CPU * availableParallelism()),
    disk: limits.maxWorktreeBytes ?? DEFAULT_LIMITS.max_worktree_bytes,
  }
}

/** The memory of the machine, or of our container, in bytes. */
function memoryHere(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem()
}
