import type { Ended } from '../../model/evidence.ts'
import { safePath } from '../advice/index.ts'
import type { InvalidReason, RunConditions } from './run-conditions.ts'

/**
 * How a program ends that gets no answer from the kernel: it cannot even exit, so it runs into an instruction that is not
 * allowed there. Shells, make and test runners print the signal, its status
 * in a shell, or its negative number (Python).
 */
const CRASH =
  /segmentation fault|segmentation violation|segfault|\bSIGSEGV\b|trace\/breakpoint trap|\bSIGTRAP\b|illegal instruction|\bSIGILL\b|invalid memory reference|\bError 13[239]\b|(?<![\w.])-11(?![\w.])/i
const SIGNALS: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGTRAP', 'SIGILL'])
/** What a shell answers for these signals: 128 and the number of the signal. */
const STATUSES: ReadonlySet<number> = new Set([139, 133, 132])

/** Whether a run ended as one does whose program got no answer from the kernel. `output`: both streams. */
export function crashed(ended: Ended, output: string): boolean {
  if (ended.how === 'signalled') return SIGNALS.has(ended.signal)
  return ended.how === 'exited' && ended.code !== 0 && (STATUSES.has(ended.code) || CRASH.test(output))
}

/** The reason if a program of another architecture crashed, because the sandbox answers none of its system calls. */
export function foreignProgram(text: string, { foreign }: Pick<RunConditions, 'foreign'>): InvalidReason | null {
  return foreign !== null && CRASH.test(text) ? refusedForeign(foreign) : null
}

/** The same if the command itself ended by such a signal, which no output has to show. */
export function crashOfForeign(ended: Ended, { foreign }: Pick<RunConditions, 'foreign'>): InvalidReason | null {
  return foreign !== null && crashed(ended, '') ? refusedForeign(foreign) : null
}

function refusedForeign(path: string): InvalidReason {
  const program = safePath(path) ?? 'a program that the command runs'
  return {
    reason: `${program} is built for another architecture than this machine's own, and the sandbox refuses its system calls`,
    mend: 'build it for the architecture of this machine, or run the command in a container (sandbox.container_image in pp.yaml)',
  }
}
