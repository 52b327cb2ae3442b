import type { ChildProcess } from 'node:child_process'

/** The time between TERM and KILL in ms. */
const GRACE_MS = 2000

/** Sends a signal to the group that a child leads, with all that the child started in it. */
export function signalGroup({ pid }: Pick<ChildProcess, 'pid'>, signal: NodeJS.Signals): void {
  if (pid !== undefined) sendSignal(-pid, signal)
}

/** Asks a group to end by TERM, and kills what is left of it two seconds later. */
export function endGroup(child: Pick<ChildProcess, 'pid'>): void {
  signalGroup(child, 'SIGTERM')
  setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS).unref()
}

/** Sends a signal to a process, or to a group (the negative of its id). It may be gone, or may belong to another user by now. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // ESRCH: it has ended. EPERM: its user has changed.
  }
}
