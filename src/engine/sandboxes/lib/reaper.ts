import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { RUN_MARK } from '../../core/environment/index.ts'
import { INIT } from './init.ts'
import { LEASH, LEASH_ALONE } from './leash.ts'
import { findTool } from './tools.ts'

/** How a command without a sandbox is kept from leaving processes behind. */
export interface Reaper {
  readonly means: 'pid namespace' | 'marked environment' | 'process group'
  /** Argv to put before the command; in a pid namespace it ends in INIT, which reports on descriptor 3, else nothing is reported. */
  readonly prefix: readonly string[]
  /** Kills everything that was started with RUN_MARK=`mark`; null where the kernel has done so, or nobody can. */
  readonly sweep: ((mark: string) => Promise<void>) | null
}

/**
 * The first that works here, by trying:
 * 1. A pid namespace (as an ordinary user within a user namespace): the kernel kills every member with process 1, also
 *    what called setsid, cleared its environment or forks faster than we look. A cgroup would do the same, but an
 *    ordinary user rarely has one to write to, and containers mount theirs read-only.
 * 2. Where namespaces are refused (most containers): a mark in the environment, looked for in /proc. Misses what starts under `env -i`.
 * 3. Without /proc: the process group alone.
 * In each of them the process group dies with the engine, even by kill -9.
 */
export async function chooseReaper(tools: readonly string[], uid: number): Promise<Reaper> {
  const unshare = findTool(tools, 'unshare')
  const sh = findTool(tools, 'sh')
  if (unshare !== null && sh !== null) {
    const user = uid === 0 ? [] : ['--user', '--map-current-user']
    const spaces = ['--mount', '--mount-proc', '--pid', '--fork', '--kill-child', '--']
    const space = [unshare, ...user, ...spaces, sh, '-c']
    if (await works([...space, 'exit 0']))
      return { means: 'pid namespace', prefix: [sh, '-c', LEASH, 'pp', ...space, INIT, 'pp'], sweep: null }
  }
  const prefix = sh === null ? [] : [sh, '-c', LEASH_ALONE, 'pp']
  if (processes().length === 0) return { means: 'process group', prefix, sweep: null }
  return { means: 'marked environment', prefix, sweep }
}

async function works(argv: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = argv
  const options = { env: {}, timeout: 5000 }
  return promisify(execFile)(program, args, options).then(
    () => true,
    () => false,
  )
}

/** Again and again until nothing is found, since what we kill may have forked in the meantime. */
async function sweep(mark: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const marked = processes().filter(
      (pid) => pid !== process.pid && environment(pid).includes(`${RUN_MARK}=${mark}\0`),
    )
    if (marked.length === 0) return
    for (const pid of marked) kill(pid)
    await new Promise((resolve) => setTimeout(resolve, round))
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // gone, or no longer ours: it changed its user
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Empty for a zombie and for what is not ours. */
function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
