import { PpError } from '../../model/error.ts'
import type { Ended, Execution } from '../../model/evidence.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SandboxJob } from '../../ports/sandbox.ts'
import { captureStream } from './capture.ts'

/**
 * Runs `work`. A SETUP_FAILED before the command starts becomes an execution that ended as `not-run`, and so does an abort:
 * the sandbox port promises a result for everything that a command, its tree and its includes can cause.
 */
export async function catchSetupFailure(
  job: SandboxJob,
  clock: Clock,
  work: () => Promise<Execution>,
): Promise<Execution> {
  try {
    return await work()
  } catch (error) {
    if (job.signal.aborted) return notRun(job, clock, { how: 'not-run', reason: 'interrupted' })
    if (error instanceof PpError && error.code === 'SETUP_FAILED')
      return notRun(job, clock, { how: 'not-run', reason: error.message })
    throw error
  }
}

/** The execution of a command that did not run. */
export function notRun(job: SandboxJob, clock: Clock, ended: Ended): Execution {
  const nothing = () => captureStream(job.redactor, 0).end()
  return {
    ended,
    startedAt: clock.now().toISOString(),
    durationMs: 0,
    stdout: nothing(),
    stderr: nothing(),
    reports: new Map(),
  }
}
