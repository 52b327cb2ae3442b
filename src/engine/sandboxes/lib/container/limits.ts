import type { ContainerWish } from '../../../ports/sandbox.ts'
import type { Facts } from './facts.ts'

/** Options of `create` that bound a container, and which bounds hold. */
export interface Limits {
  readonly args: readonly string[]
  readonly enforced: {
    readonly memory: boolean
    readonly cpu: boolean
    readonly pids: boolean
    /** The work tree and what is written over included directories lie on the machine's disk without a bound. */
    readonly disk: boolean
  }
}

/** `machine`: bytes of memory and number of processors; without a word of the policy a run gets half of the memory. */
export function limitsOf(
  wish: Pick<ContainerWish, 'memory' | 'cpus' | 'processes'>,
  can: Facts['can'],
  machine: { readonly memory: number; readonly processors: number },
): Limits {
  const memory = wish.memory ?? String(Math.floor(machine.memory / 2))
  // Docker refuses more than there are.
  const cpus = wish.cpus === null ? null : String(Math.min(Number(wish.cpus), machine.processors))
  return {
    args: [
      ...(can.memory ? ['--memory', memory] : []),
      ...(can.memory && can.swap ? ['--memory-swap', memory] : []),
      ...(can.cpu && cpus !== null ? ['--cpus', cpus] : []),
      ...(can.pids ? ['--pids-limit', String(wish.processes)] : []),
    ],
    enforced: { memory: can.memory, cpu: can.cpu && cpus !== null, pids: can.pids, disk: false },
  }
}
