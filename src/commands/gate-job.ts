import { doGateJob } from '../engine/index.ts'
import { caller, interruptSignal } from './process.ts'

/** Does a job that a gate started; it has no output, and answers in the directory of the job. */
export async function gateJob(version: string, dir: string | undefined): Promise<void> {
  if (dir === undefined) return
  await doGateJob(
    caller(
      version,
      interruptSignal(() => {}),
    ),
    dir,
  )
}
