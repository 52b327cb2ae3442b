import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

/** What one command cost, all its descendants counted. Milliseconds. */
export interface Cost {
  readonly cpu: number
  readonly wall: number
}

/**
 * Runs a command in a cgroup of its own and reads what the kernel counted there: wait4 loses what ran in a pid namespace
 * whose init was not waited for, so it would flatter a sandbox. Needs a writable cgroup hierarchy (root).
 */
export async function cost(
  argv: readonly [string, ...string[]],
  options: { cwd: string; env: Record<string, string> },
  statuses: readonly number[] = [0],
): Promise<Cost> {
  const group = makeGroup()
  const started = performance.now()
  // To a file, as in a script: at a terminal, and for /dev/null, Node opens a stream of another kind.
  const [program, ...args] = [
    ...['sh', '-c', `echo $$ > ${group.procs} && exec "$@" > "$0"`, join(tmpdir(), `pp-bench-${process.pid}.out`)],
    ...argv,
  ] as [string, ...string[]]
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'ignore' })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code))
  })
  const wall = performance.now() - started
  const cpu = group.usage()
  await group.remove()
  if (status === null || !statuses.includes(status)) throw new Error(`${argv.join(' ')} ended with status ${status}`)
  return { cpu, wall }
}

interface Group {
  readonly procs: string
  usage(): number
  remove(): Promise<void>
}

let made = 0

function makeGroup(): Group {
  const v1 = '/sys/fs/cgroup/cpuacct'
  const root = existsSync(`${v1}/cpuacct.usage`) ? v1 : '/sys/fs/cgroup'
  const dir = `${root}/pp-bench-${process.pid}-${++made}`
  mkdirSync(dir)
  const usage = () => {
    if (root === v1) return Number(readFileSync(`${dir}/cpuacct.usage`, 'utf8')) / 1e6
    return Number(/usage_usec (\d+)/.exec(readFileSync(`${dir}/cpu.stat`, 'utf8'))?.[1] ?? 0) / 1e3
  }
  const remove = async () => {
    for (let tries = 0; tries < 50; tries++) {
      try {
        return rmdirSync(dir)
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  return { procs: `${dir}/cgroup.procs`, usage, remove }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
