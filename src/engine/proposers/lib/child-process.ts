import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { endGroup, keptOf, type Running, signalGroup, startLeashed } from '../../platform/index.ts'

export interface ChildJob {
  /** For `sh -c`. */
  readonly command: string
  /** The program with its arguments that starts the shell; empty: none. */
  readonly through: readonly string[]
  readonly cwd: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly input: string
  readonly maxOutputBytes: number
  /** Gets each line of stderr, cut to 200 characters. */
  readonly line: (line: string) => void
  /** Aborting it ends the whole process group: TERM, and KILL two seconds later. */
  readonly signal: AbortSignal
}

export interface ChildResult {
  /** Null: a signal ended it. */
  readonly code: number | null
  readonly stdout: Buffer
  readonly truncated: boolean
  readonly lastLine: string
}

const DRAIN_MS = 500
const MAX_LINES = 200

/** Runs `sh -c command` in its own process group. When this returns, or when we are killed, no process of the group is left. */
export async function runChild(job: ChildJob): Promise<ChildResult> {
  const { cwd, env } = job
  const [program = 'sh', ...args] = [...job.through, 'sh', '-c', job.command]
  const child = startLeashed({ program, args, cwd, env })
  const stdout = keptOf(child.stdout, job.maxOutputBytes)
  const lines = listen(child, job.line)
  // A program may end without reading its input.
  child.stdin.on('error', () => undefined)
  child.stdin.end(job.input)
  const closed = once(child, 'close')
  const stop = (): void => endGroup(child)
  job.signal.addEventListener('abort', stop, { once: true })
  if (job.signal.aborted) stop()
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    signalGroup(child, 'SIGKILL')
    // A process that left the group may keep the pipes open for ever.
    await Promise.race([closed, sleep(DRAIN_MS)])
    return {
      code,
      stdout: stdout.bytes(),
      truncated: stdout.size() > job.maxOutputBytes,
      lastLine: lines.last,
    }
  } finally {
    job.signal.removeEventListener('abort', stop)
    for (const stream of child.stdio) stream?.destroy()
  }
}

function listen(child: Running, line: (line: string) => void): { last: string } {
  const heard = { last: '' }
  let rest = ''
  let count = 0
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = (parts.pop() ?? '').slice(0, 200)
    for (const part of parts) {
      if (part.trim() === '') continue
      heard.last = part.slice(0, 200)
      if (count++ < MAX_LINES) line(heard.last)
    }
  })
  child.stderr.on('end', () => {
    if (rest.trim() !== '') heard.last = rest
  })
  return heard
}
