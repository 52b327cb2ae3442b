import { setTimeout as sleep } from 'node:timers/promises'
import { RUN_MARK } from '../core/environment/index.ts'
import { markedProcesses, sendSignal } from '../platform/index.ts'

/** In ms: how long a git may take to remove its lock files before it is killed. */
const GRACE = 1000
const STEP = 50

/** Ends the processes of `uid` that a dead command left, found by their mark: TERM, then KILL. Linux only. */
export async function endSurvivors(id: string, uid: number): Promise<void> {
  for (let waited = 0; waited <= 2 * GRACE; waited += STEP) {
    const left = survivors(id, uid)
    if (left.length === 0) return
    if (waited === 0) for (const pid of left) sendSignal(pid, 'SIGTERM')
    if (waited >= GRACE) for (const pid of left) sendSignal(pid, 'SIGKILL')
    await sleep(STEP)
  }
}

/** The processes that a session started, and those that its runs started: their marks begin with the id of the session. */
function survivors(id: string, uid: number): readonly number[] {
  return markedProcesses(RUN_MARK, (value) => value === id || value.startsWith(`${id}.`), uid)
}
