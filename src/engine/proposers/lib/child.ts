import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChildJob {
  readonly command: string
  readonly cwd: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly input: string
  readonly maxOutputBytes: number
  /** One line of stderr, cut to 200 characters. */
  readonly line: (line: string) => void
  /** Aborting it ends the whole process group: TERM, and KILL two seconds later. */
  readonly signal: AbortSignal
}

export interface ChildEnd {
  /** Null: ended by a signal. */
  readonly code: number | null
  readonly stdout: Buffer
  readonly truncated: boolean
  readonly lastLine: string
}

const GRACE_MS = 2000
const DRAIN_MS = 500
const MAX_LINES = 200

/** Kills the group as soon as descriptor 3 ends, which it does when we die, however we die. */
const LEASHED =
  '(trap "" TERM HUP INT; exec <&3 3<&- >/dev/null 2>&1; read -r _; kill -KILL 0) & exec 3<&-; exec sh -c "$1"'

/** Runs `sh -c command` in a process group of its own; nothing of the group is left when this returns, or when we are killed. */
export async function runChild(job: ChildJob): Promise<ChildEnd> {
  const child = spawn('sh', ['-c', LEASHED, 'pp', job.command], {
    cwd: job.cwd,
    env: job.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const stdout = keep(child, job.maxOutputBytes)
  const lines = listen(child, job.line)
  // A program may end without reading what it was given.
  child.stdin.on('error', () => undefined)
  child.stdin.end(job.input)
  const closed = once(child, 'close')
  const stop = (): void => {
    killGroup(child, 'SIGTERM')
    setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS).unref()
  }
  job.signal.addEventListener('abort', stop, { once: true })
  if (job.signal.aborted) stop()
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    killGroup(child, 'SIGKILL')
    // What left the group may hold the pipes open for ever.
    await Promise.race([closed, sleep(DRAIN_MS)])
    return {
      code,
      stdout: Buffer.concat(stdout.chunks),
      truncated: stdout.size > job.maxOutputBytes,
      lastLine: lines.last,
    }
  } finally {
    job.signal.removeEventListener('abort', stop)
    for (const stream of child.stdio) stream?.destroy()
  }
}

function killGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // ESRCH: nothing of the group is left.
  }
}

function keep(child: ChildProcess, max: number): { chunks: Buffer[]; size: number } {
  const kept = { chunks: [] as Buffer[], size: 0 }
  child.stdout?.on('data', (chunk: Buffer) => {
    if (kept.size < max) kept.chunks.push(chunk.subarray(0, max - kept.size))
    kept.size += chunk.length
  })
  return kept
}

function listen(child: ChildProcess, line: (line: string) => void): { last: string } {
  const heard = { last: '' }
  let rest = ''
  let count = 0
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = (parts.pop() ?? '').slice(0, 200)
    for (const part of parts) {
      if (part.trim() === '') continue
      heard.last = part.slice(0, 200)
      if (count++ < MAX_LINES) line(heard.last)
    }
  })
  child.stderr?.on('end', () => {
    if (rest.trim() !== '') heard.last = rest
  })
  return heard
}
