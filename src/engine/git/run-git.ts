import { PpError } from '../model/error.ts'
import { howEnded, type ProgramEnd, type Running, runToEnd, signalGroup, startProgram } from '../platform/index.ts'
import type { CallTrace } from '../ports/trace.ts'

/** The result of a git process. `status` is its exit status; stdout is bytes. */
export interface GitResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface GitCall {
  readonly input?: Uint8Array | string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A git program with a fixed environment, configuration and directory. */
export interface GitProgram {
  /** Accepts any exit status. Throws GIT_FAILED if git could not run or was killed, INTERRUPTED if the signal fired. */
  run(args: readonly string[], call?: GitCall): Promise<GitResult>
  /** The stdout of a run that must end with status 0; else throws GIT_FAILED with git's message. */
  bytes(args: readonly string[], call?: GitCall): Promise<Buffer>
  /** The same as text, without the last newline. */
  text(args: readonly string[], call?: GitCall): Promise<string>
  /** A process that keeps running, for `--batch` commands; the caller ends it. */
  start(args: readonly string[]): Running
  /** The same git with more environment variables or another directory. */
  with(call: Omit<GitCall, 'input'>): GitProgram
}

export interface GitInvocation {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Options before the subcommand, such as `-c key=value`. */
  readonly options: readonly string[]
  readonly signal: AbortSignal | undefined
  /** After it fires, no process runs longer than HURRY_MS: results can still be written, but a git that hangs delays nobody. */
  readonly stop?: AbortSignal | undefined
  readonly trace?: CallTrace | undefined
}

/** Disables hooks, monitors, signing, background jobs and the network, whatever the configuration of the repository is. */
export const PINNED_OPTIONS: readonly string[] = [
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

/** A hanging disk must not block a session for ever; the checkout of a very large tree must finish within this time. */
const LIMIT_MS = 30 * 60_000

const HURRY_MS = 5000

export function gitProgram(setting: GitInvocation): GitProgram {
  const launch = (args: readonly string[], call: GitCall = {}) => hurried(started(args, call), setting.stop)
  const started = (args: readonly string[], call: GitCall) => {
    const over = setting.trace?.('git', args)
    const running = startProgram({
      program: setting.program,
      args: [...setting.options, ...args],
      cwd: call.cwd ?? setting.cwd,
      // In its own process group, because Ctrl-C goes to our whole group, and the results of an interrupted session must
      // still be written to the repository.
      env: { ...setting.env, ...call.env },
      signal: setting.signal,
    })
    if (over) running.on('close', (status, signal) => over(signal ?? `status ${status}`))
    return running
  }
  const run = async (args: readonly string[], call: GitCall = {}) => {
    const limits = { input: call.input, timeoutMs: LIMIT_MS, signal: setting.signal }
    return ranTo(await runToEnd(launch(args, call), limits), setting, args)
  }
  const bytes = async (args: readonly string[], call?: GitCall) => {
    const ran = await run(args, call)
    if (ran.status !== 0) throw gitError(args, ran)
    return ran.stdout
  }
  return {
    run,
    bytes,
    text: async (args, call) => (await bytes(args, call)).toString('utf8').replace(/\n$/, ''),
    start: (args) => launch(args),
    with: (call) => gitProgram({ ...setting, cwd: call.cwd ?? setting.cwd, env: { ...setting.env, ...call.env } }),
  }
}

/** Kills the process group if it still runs some time after `stop` has fired, whatever signals it ignores. */
function hurried(child: Running, stop: AbortSignal | undefined): Running {
  let timer: NodeJS.Timeout | undefined
  const hurry = () => {
    timer = setTimeout(() => signalGroup(child, 'SIGKILL'), HURRY_MS).unref()
  }
  stop?.addEventListener('abort', hurry, { once: true })
  if (stop?.aborted) hurry()
  child.once('close', () => {
    clearTimeout(timer)
    stop?.removeEventListener('abort', hurry)
  })
  return child
}

/** The error with git's own message: the first line that says what is wrong. */
export function gitError(args: readonly string[], ran: GitResult): PpError {
  return new PpError('GIT_FAILED', `git ${args[0] ?? ''} ended with ${ran.status}: ${gitMessage(ran.stderr)}`)
}

/** stderr of git without its hints, on one line. */
export function gitMessage(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('hint: '))
  return lines.map((line) => line.replace(/^(fatal|error): /, '')).join('; ') || 'it printed nothing'
}

function ranTo(end: ProgramEnd, setting: GitInvocation, args: readonly string[]): GitResult {
  switch (end.how) {
    case 'exited':
      return { status: end.code, stdout: end.stdout, stderr: end.stderr }
    case 'aborted':
      throw new PpError('INTERRUPTED', 'interrupted while git was running')
    case 'not-started': {
      const { cause } = end
      throw new PpError('GIT_FAILED', `cannot start ${setting.program} in ${setting.cwd}: ${cause.message}`, { cause })
    }
    case 'signalled':
    case 'timed-out':
    case 'too-much-output':
      throw new PpError('GIT_FAILED', `git ${args[0] ?? ''} ${howEnded(end)}: ${gitMessage(end.stderr)}`)
  }
}

/**
 * The caller's environment for our git calls: without GIT_* variables, except those that choose configuration files; with the
 * C locale; without prompts, optional locks, replace refs, grafts and lazy fetching.
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
