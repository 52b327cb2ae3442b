import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { keptOf } from './kept.ts'
import { WATCHED_COMMAND_ALONE } from './leash.ts'
import { endGroup, signalGroup } from './process-group.ts'

/** A program to be started: an argument list, never a line for a shell. */
export interface Program {
  readonly program: string
  readonly args: readonly string[]
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string | undefined
  /**
   * True: it stays in our own process group, so that Ctrl-C ends it with us and it can ask at the terminal. Otherwise it leads
   * a group of its own, which is ended as a whole.
   */
  readonly inOurGroup?: boolean
  /** Aborting it ends the program. */
  readonly signal?: AbortSignal | undefined
}

/** A started program, with pipes for all three of its streams. */
export type Running = ChildProcessWithoutNullStreams

interface Limits {
  readonly input?: Uint8Array | string | undefined
  /** Default: no limit. */
  readonly timeoutMs?: number
  /** For each of the two streams; default: no bound. */
  readonly maxBytes?: number
}

interface Said {
  readonly stdout: Buffer
  readonly stderr: string
}

/** How a program ended, and what it printed until then. `aborted`: its end was not awaited. */
export type ProgramEnd =
  | ({ readonly how: 'exited'; readonly code: number } & Said)
  | ({ readonly how: 'signalled'; readonly signal: string } & Said)
  | ({ readonly how: 'timed-out' } & Said)
  | ({ readonly how: 'too-much-output' } & Said)
  | { readonly how: 'aborted' }
  | { readonly how: 'not-started'; readonly cause: NodeJS.ErrnoException }

/** Starts a program; the caller has to make sure that it ends. */
export function startProgram({ program, args, env, cwd, inOurGroup = false, signal }: Program): Running {
  const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe']
  return spawn(program, args, { cwd, env, detached: !inOurGroup, stdio, ...(signal ? { signal } : {}) })
}

/** Starts a program whose group never outlives us, however we die: see WATCHED_COMMAND. The line to it is `stdio[3]`. */
export function startLeashed({ program, args, env, cwd }: Omit<Program, 'inOurGroup' | 'signal'>): Running {
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe'] as const
  const argv = ['-c', WATCHED_COMMAND_ALONE, 'pp', program, ...args]
  return spawn('sh', argv, { cwd, env, detached: true, stdio: [...stdio] }) as Running
}

/** Starts a program in a session and a process group of its own, which goes on when we have ended. Its output goes nowhere. */
export function startDetached({ program, args, env, cwd }: Omit<Program, 'inOurGroup' | 'signal'>): number | null {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
  return child.pid ?? null
}

/**
 * Runs a program to its end; every end is returned as a value. At a time limit, a bound or an abort it is ended by TERM, then
 * by KILL.
 */
export async function runProgram(program: Program & Limits): Promise<ProgramEnd> {
  if (program.signal?.aborted) return { how: 'aborted' }
  return runToEnd(startProgram(program), program)
}

/** Whether a program ends with status 0. */
export async function succeeds(program: string, args: readonly string[], timeoutMs = 5000): Promise<boolean> {
  const end = await runProgram({ program, args, env: {}, timeoutMs })
  return end.how === 'exited' && end.code === 0
}

/** Writes the input of a started program and waits for its end. */
export function runToEnd(
  child: Running,
  program: Pick<Program, 'inOurGroup' | 'signal'> & Limits,
): Promise<ProgramEnd> {
  const { input, timeoutMs, maxBytes = Number.POSITIVE_INFINITY, signal } = program
  return new Promise((resolve) => {
    let cut: 'timed-out' | 'too-much-output' | null = null
    const end = () => (program.inOurGroup ? child.kill() : endGroup(child))
    const stop = (why: typeof cut) => {
      cut ??= why
      end()
    }
    const tooMuch = () => stop('too-much-output')
    const [stdout, stderr] = [keptOf(child.stdout, maxBytes, tooMuch), keptOf(child.stderr, maxBytes, tooMuch)]
    // spawn's own timeout is not used, because its timer outlives a program that could not be started.
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop('timed-out'), timeoutMs)
    const settle = (how: ProgramEnd) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve(how)
    }
    const abort = () => {
      end()
      settle({ how: 'aborted' })
    }
    signal?.addEventListener('abort', abort, { once: true })
    // An abort is also reported as an error.
    child.on('error', (cause) => (signal?.aborted ? abort() : settle({ how: 'not-started', cause })))
    child.on('close', (code, ended) => {
      if (cut !== null && !program.inOurGroup) signalGroup(child, 'SIGKILL')
      const said = { stdout: stdout.bytes(), stderr: stderr.bytes().toString('utf8') }
      if (cut !== null) settle({ how: cut, ...said })
      else if (code !== null) settle({ how: 'exited', code, ...said })
      else settle({ how: 'signalled', signal: ended ?? 'unknown', ...said })
    })
    // If a program ends before it has read its input, its status says why; the error of the broken pipe says nothing more.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** How a program ended, for the end of a sentence: 'ended with status 1'. */
export function howEnded(end: ProgramEnd): string {
  switch (end.how) {
    case 'exited':
      return `ended with status ${end.code}`
    case 'signalled':
      return `was ended by ${end.signal}`
    case 'timed-out':
      return 'did not end in time'
    case 'too-much-output':
      return 'printed too much'
    case 'aborted':
      return 'was interrupted'
    case 'not-started':
      return `could not be started: ${end.cause.message}`
  }
}
