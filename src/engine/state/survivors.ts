import { lstat, readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { RUN_MARK } from '../core/environment/index.ts'

/** How long a git may take to remove its lock files before it is killed. ms. */
const GRACE = 1000
const STEP = 50

/** Ends the processes of `uid` that a dead command left, by the mark that they were started with: TERM, then KILL. Linux only. */
export async function endSurvivors(id: string, uid: number): Promise<void> {
  for (let waited = 0; waited <= 2 * GRACE; waited += STEP) {
    const left = await survivors(id, uid)
    if (left.length === 0) return
    if (waited === 0) for (const pid of left) signal(pid, 'SIGTERM')
    if (waited >= GRACE) for (const pid of left) signal(pid, 'SIGKILL')
    await sleep(STEP)
  }
}

async function survivors(id: string, uid: number): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const marked = await Promise.all(pids.map((pid) => isMarked(pid, id, uid)))
  return pids.filter((_, at) => marked[at]).map(Number)
}

/** False for what is not ours, went away, or is a zombie. */
async function isMarked(pid: string, id: string, uid: number): Promise<boolean> {
  const facts = await lstat(`/proc/${pid}`).catch(() => null)
  if (facts?.uid !== uid) return false
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return environment.split('\0').some((one) => one === `${RUN_MARK}=${id}` || one.startsWith(`${RUN_MARK}=${id}.`))
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it ended by itself
  }
}
