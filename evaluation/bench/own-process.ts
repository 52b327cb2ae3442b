import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** How a command ended, and the most memory that the process itself has used, without its descendants. In MiB. */
export interface OwnProcess {
  readonly status: number | null
  readonly mebibytes: number
}

/** Reads the high-water mark of the kernel until the process ends; it never falls, so only the last moment is missed. */
export function largestOf(
  argv: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<OwnProcess> {
  const [program, ...args] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'ignore' })
    let kibibytes = 0
    const timer = setInterval(() => {
      kibibytes = Math.max(kibibytes, highWater(child.pid ?? 0))
    }, 10)
    child.on('error', reject)
    child.on('exit', (status) => {
      clearInterval(timer)
      resolve({ status, mebibytes: Math.round(kibibytes / 1024) })
    })
  })
}

function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
