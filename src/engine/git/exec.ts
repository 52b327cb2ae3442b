import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { PpError } from '../model/error.ts'
import type { Trace } from '../ports/trace.ts'

/** What a git process did. `status` is its exit status; stdout is bytes. */
export interface Ran {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface Call {
  readonly input?: Uint8Array | string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A git program with everything around it settled: environment, configuration, directory. */
export interface Git {
  /** Any exit status. Throws GIT_FAILED when git could not run or was killed, INTERRUPTED when the signal fired. */
  run(args: readonly string[], call?: Call): Promise<Ran>
  /** stdout of a run that must end with 0; else GIT_FAILED with git's own words. */
  bytes(args: readonly string[], call?: Call): Promise<Buffer>
  /** The same as text, without the last newline. */
  text(args: readonly string[], call?: Call): Promise<string>
  /** A process that stays, for `--batch` commands; its owner ends it. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams
  /** The same git with more environment or another directory. */
  with(call: Omit<Call, 'input'>): Git
}

export interface Setting {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Put before the subcommand: `-c key=value` and the like. */
  readonly options: readonly string[]
  readonly signal: AbortSignal | undefined
  /** Once it fires, no process has more than HURRY_MS left: what was found is still written down, a git that hangs holds up nobody. */
  readonly stop?: AbortSignal | undefined
  readonly trace?: Trace | undefined
}

/** No hook, monitor, signer, background job or network, whatever the repository is configured to. */
export const PINS: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.quotePath=false',
  'core.commitGraph=false',
  'core.logAllRefUpdates=false',
  'core.splitIndex=false',
  'core.safecrlf=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'submodule.recurse=false',
  'worktree.guessRemote=false',
].flatMap((pin) => ['-c', pin])

/** A hung disk must not hang a session for ever; the checkout of a very large tree must end within this. */
const LIMIT_MS = 30 * 60_000

const HURRY_MS = 5000

export function gitWith(setting: Setting): Git {
  const launch = (args: readonly string[], call: Call = {}) => hurried(started(args, call), setting.stop)
  const started = (args: readonly string[], call: Call) => {
    const over = setting.trace?.('git', args)
    const child = spawn(setting.program, [...setting.options, ...args], {
      cwd: call.cwd ?? setting.cwd,
      env: { ...setting.env, ...call.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C goes to the whole group: what an interrupted session has found must still reach the repository.
      detached: true,
      ...(setting.signal === undefined ? {} : { signal: setting.signal }),
    })
    if (over) child.on('close', (status, signal) => over(signal ?? `status ${status}`))
    return child
  }
  const run = (args: readonly string[], call: Call = {}) => finished(launch(args, call), setting, args, call.input)
  const bytes = async (args: readonly string[], call?: Call) => {
    const ran = await run(args, call)
    if (ran.status !== 0) throw failed(args, ran)
    return ran.stdout
  }
  return {
    run,
    bytes,
    text: async (args, call) => (await bytes(args, call)).toString('utf8').replace(/\n$/, ''),
    start: (args) => launch(args),
    with: (call) => gitWith({ ...setting, cwd: call.cwd ?? setting.cwd, env: { ...setting.env, ...call.env } }),
  }
}

/** Kills the group of a process that is still there some time after `stop` has fired, whatever signals it ignores. */
function hurried(child: ChildProcessWithoutNullStreams, stop: AbortSignal | undefined): ChildProcessWithoutNullStreams {
  let timer: NodeJS.Timeout | undefined
  const hurry = () => {
    timer = setTimeout(() => killGroup(child), HURRY_MS).unref()
  }
  stop?.addEventListener('abort', hurry, { once: true })
  if (stop?.aborted) hurry()
  child.once('close', () => {
    clearTimeout(timer)
    stop?.removeEventListener('abort', hurry)
  })
  return child
}

function killGroup({ pid }: ChildProcessWithoutNullStreams): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: nothing of the group is left.
  }
}

/** Git's own words as our error: the first line that says what is wrong. */
export function failed(args: readonly string[], ran: Ran): PpError {
  return new PpError('GIT_FAILED', `git ${args[0] ?? ''} ended with ${ran.status}: ${words(ran.stderr)}`)
}

/** stderr of git without its hints, on one line. */
export function words(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('hint: '))
  return lines.map((line) => line.replace(/^(fatal|error): /, '')).join('; ') || 'it printed nothing'
}

function finished(
  child: ChildProcessWithoutNullStreams,
  setting: Setting,
  args: readonly string[],
  input: Uint8Array | string | undefined,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // Not spawn's own timeout: its timer outlives a program that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(unstarted(setting, cause))
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      const stderr = Buffer.concat(err).toString('utf8')
      if (status !== null) resolve({ status, stdout: Buffer.concat(out), stderr })
      else reject(new PpError('GIT_FAILED', `git ${args[0] ?? ''} was killed by ${signal}: ${words(stderr)}`))
    })
    // A git that ends before it has read everything says why by its status; the broken pipe adds nothing.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

function unstarted(setting: Setting, cause: NodeJS.ErrnoException): PpError {
  if (setting.signal?.aborted) return new PpError('INTERRUPTED', 'interrupted while git was running', { cause })
  return new PpError('GIT_FAILED', `cannot start ${setting.program} in ${setting.cwd}: ${cause.message}`, { cause })
}

/**
 * The caller's environment as our git calls get it: none of its GIT_* variables but those that choose
 * configuration files, the C locale, no prompt, no optional lock, no replace refs, grafts or lazy fetching.
 */
export function gitEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(caller).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined && (!pair[0].startsWith('GIT_') || pair[0].startsWith('GIT_CONFIG')),
  )
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    ...own,
  }
}
