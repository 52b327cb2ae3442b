import { RUN_MARK } from '../../core/environment/index.ts'
import {
  markedProcesses,
  processes,
  sendSignal,
  succeeds,
  WATCHED_COMMAND,
  WATCHED_COMMAND_ALONE,
} from '../../platform/index.ts'
import { findTool } from './find-tools.ts'
import { INIT } from './init-script.ts'

/** How a command without a sandbox is kept from leaving processes behind. */
export interface ProcessCleanup {
  readonly means: 'pid namespace' | 'marked environment' | 'process group'
  /**
   * Arguments before the command. In a pid namespace they end with INIT, which reports on descriptor 3; otherwise nothing is
   * reported.
   */
  readonly prefix: readonly string[]
  /** Kills everything that was started with RUN_MARK=`mark`; null if the kernel does this, or if nothing can. */
  readonly sweep: ((mark: string) => Promise<void>) | null
}

/**
 * The first method that works here:
 * 1. A pid namespace (as an ordinary user inside a user namespace): the kernel kills every member together with process 1,
 *    even members that called setsid, cleared their environment or fork very fast. A cgroup would do the same, but an
 *    ordinary user rarely has a writable one, and containers mount theirs read-only.
 * 2. If namespaces are refused (in most containers): a mark in the environment, searched for in /proc. Misses processes
 *    that start under `env -i`.
 * 3. Without /proc: only the process group.
 * In all cases the process group dies together with the engine, even by kill -9.
 */
export async function chooseProcessCleanup(tools: readonly string[], uid: number): Promise<ProcessCleanup> {
  const unshare = findTool(tools, 'unshare')
  const sh = findTool(tools, 'sh')
  if (unshare !== null && sh !== null) {
    const user = uid === 0 ? [] : ['--user', '--map-current-user']
    const spaces = ['--mount', '--mount-proc', '--pid', '--fork', '--kill-child', '--']
    const space = [unshare, ...user, ...spaces, sh, '-c']
    if (await succeeds(unshare, [...space.slice(1), 'exit 0']))
      return { means: 'pid namespace', prefix: [sh, '-c', WATCHED_COMMAND, 'pp', ...space, INIT, 'pp'], sweep: null }
  }
  const prefix = sh === null ? [] : [sh, '-c', WATCHED_COMMAND_ALONE, 'pp']
  if (processes().length === 0) return { means: 'process group', prefix, sweep: null }
  return { means: 'marked environment', prefix, sweep }
}

/** Repeats until nothing is found, because processes may have forked in the meantime. */
async function sweep(mark: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const marked = markedProcesses(RUN_MARK, (value) => value === mark)
    if (marked.length === 0) return
    for (const pid of marked) sendSignal(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, round))
  }
}
