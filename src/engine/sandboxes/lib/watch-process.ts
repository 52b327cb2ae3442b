import type { ChildProcess } from 'node:child_process'
import type { Ended } from '../../model/evidence.ts'
import type { SandboxJob } from '../../ports/sandbox.ts'
import type { StartMarker } from './start-marker.ts'

/** `GRACE`: the time between TERM and KILL. `DRAIN`: how long a pipe may stay open after the process ended. Both in ms. */
const GRACE = 500
const DRAIN = 1000
/** How long a start marker may take, in ms. */
const START = 120_000
const LONGEST_TIMER = 2 ** 31 - 1

/** When to end a process, and what else has to end with it. */
interface ProcessLimits extends Pick<SandboxJob, 'timeoutMs' | 'limit' | 'progress' | 'signal'> {
  readonly sweep?: (() => Promise<void>) | undefined
}

/** Waits for the end and enforces the limit; when it resolves, all processes of the group are dead. */
export async function watched(
  spec: ProcessLimits,
  child: ChildProcess,
  streams: Promise<void>[],
  startMarker: StartMarker | null,
  silentMs: () => number,
): Promise<Ended> {
  const timers: NodeJS.Timeout[] = []
  const later = (ms: number, then: () => void) => timers.push(setTimeout(then, Math.min(ms, LONGEST_TIMER)))
  const kill = async () => {
    signalGroup(child, 'SIGKILL')
    await spec.sweep?.()
  }
  let interrupt = () => {}
  const ended = await new Promise<Ended>((resolve, reject) => {
    let stopped: Ended | null = null
    const stop = (why: Ended) => {
      if (stopped !== null) return
      stopped = why
      signalGroup(child, 'SIGTERM')
      // Even KILL does not end a process that waits for a dead disk; we do not wait for it.
      later(GRACE, () => kill().then(() => later(DRAIN, () => resolve(why)), reject))
    }
    child.once('exit', (code, signal) => resolve(stopped ?? endOf(code, signal)))
    interrupt = () => stop({ how: 'not-run', reason: 'interrupted' })
    spec.signal.addEventListener('abort', interrupt)
    const limit = () =>
      timeLimit(spec, later, silentMs, (afterMs, which) =>
        stop({ how: 'timed-out', afterMs: Math.round(afterMs), limit: which }),
      )
    if (startMarker === null) limit()
    else
      awaited(startMarker, later, limit, () =>
        stop({ how: 'not-run', reason: `the command did not start within ${START / 1000} s` }),
      )
    if (spec.signal.aborted) interrupt()
  })
  for (const timer of timers) clearTimeout(timer)
  spec.signal.removeEventListener('abort', interrupt)
  await kill()
  await within(DRAIN, Promise.all(streams))
  return ended
}

/** Calls `over` when the time is over, and for a command that still makes progress when that ends or its last limit is reached. */
function timeLimit(
  { timeoutMs, limit, progress = { withinMs: 0, untilMs: 0 } }: ProcessLimits,
  later: (ms: number, then: () => void) => void,
  silentMs: () => number,
  over: (afterMs: number, limit: SandboxJob['limit']) => void,
): void {
  const { withinMs, untilMs } = progress
  const wait = (from: number, ms: number) =>
    later(ms, () => {
      const now = from + ms
      const silent = silentMs()
      if (silent >= withinMs) over(now, limit)
      else if (now >= untilMs) over(now, 'session')
      else wait(now, Math.min(withinMs - silent, untilMs - now))
    })
  wait(0, timeoutMs)
}

/** Calls `limit` when the start marker comes in time, else `late`. */
function awaited(
  startMarker: StartMarker,
  later: (ms: number, then: () => void) => void,
  limit: () => void,
  late: () => void,
): void {
  let waits = true
  later(START, () => waits && late())
  startMarker.seen.then(() => {
    waits = false
    limit()
  })
}

function endOf(code: number | null, signal: NodeJS.Signals | null): Ended {
  return code === null ? { how: 'signalled', signal: signal ?? 'unknown' } : { how: 'exited', code }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    work,
    new Promise((resolve) => {
      // On a busy machine this timer may be late itself, so data that has arrived is read first.
      timer = setTimeout(() => setImmediate(resolve), ms)
    }),
  ])
  clearTimeout(timer)
}

/** Signals the group, whose id is that of the child; it may be gone already. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
