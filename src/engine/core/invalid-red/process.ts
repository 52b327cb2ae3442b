import { KEY_OF_BOUND } from '../bounds/index.ts'
import type { InvalidReason } from './run-conditions.ts'

const NO_PROCESS =
  /\bCannot fork\b|\bfork: (?:retry: )?Resource temporarily unavailable|\bcan't start new thread\b|\bunable to create (?:new )?native thread\b|\bfailed to create new OS thread\b|\bpthread_create\b.*\bResource temporarily unavailable|\bBlockingIOError: \[Errno 11\]|\bspawn \S+ EAGAIN\b/

/**
 * The reason if no further process could be started. If only a resource limit bounds the number of processes, the program's
 * output is the only place where this shows.
 */
export function refusedProcess(text: string): InvalidReason | null {
  if (!NO_PROCESS.test(text)) return null
  return { reason: 'the command could not start another process or thread', mend: `raise ${KEY_OF_BOUND.processes}` }
}
