import { readFileSync } from 'node:fs'
import { processes } from '../../../platform/index.ts'

/** The living processes that a process has started, and those that these have started. Linux only. */
export function descendants(pid: number): readonly number[] {
  const found: number[] = []
  const waiting = [pid]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const started = childrenOf(next)
    found.push(...started)
    waiting.push(...started)
  }
  return found
}

/** The kernel lists them if it was built to do so; otherwise every process is asked for its parent. */
function childrenOf(pid: number): readonly number[] {
  const listed = textOf(`/proc/${pid}/task/${pid}/children`)
  if (listed !== null) return listed.split(' ').filter(Boolean).map(Number)
  return processes().filter((one) => parentOf(one) === pid)
}

function parentOf(pid: number): number | null {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return null
  }
}
