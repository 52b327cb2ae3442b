import { PpError } from '../model/error.ts'
import { finished, howEnded, type ProgramEnd, type Running, signalGroup, startProgram } from '../platform/index.ts'
import type { CallTrace } from '../ports/trace.ts'

/** What a git process did. `status` is its exit status; stdout is bytes. */
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

/** A git program with everything around it settled: environment, configuration, directory. */
export interface GitProgram {
  /** Any exit status. Throws GIT_FAILED when git could not run or was killed, INTERRUPTED when the signal fired. */
  run(args: readonly string[], call?: GitCall): Promise<GitResult>
  /** stdout of a run that must end with 0; else GIT_FAILED with git's own words. */
  bytes(args: readonly string[], call?: GitCall): Promise<Buffer>
  /** The same as text, without the last newline. */
  text(args: readonly string[], call?: GitCall): Promise<string>
  /** A process that stays, for `--batch` commands; its owner ends it. */
  start(args: readonly string[]): Running
  /** The same git with more environment or another directory. */
  with(call: Omit<GitCall, 'input'>): GitProgram
}

export interface GitInvocation {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Put before the subcommand: `-c key=value` and the like. */
  readonly options: readonly string[]
  readonly signal: AbortSignal | undefined
  /** Once it fires, no process has more than HURRY_MS left: what was found is still written down, a git that hangs holds up nobody. */
  readonly stop?: AbortSignal | undefined
  readonly trace?: CallTrace | undefined
}

/** No hook, monitor, signer, background job or network, whatever the repository is configured to. */
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

/** A hung disk must not hang a session for ever; the checkout of a very large tree must end within this. */
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
      // In a group of its own, since Ctrl-C goes to our whole group: what an interrupted session has found must still reach the
      // repository.
      env: { ...setting.env, ...call.env },
      signal: setting.signal,
    })
    if (over) running.on('close', (status, signal) => over(signal ?? `status ${status}`))
    return running
  }
  const run = async (args: readonly string[], call: GitCall = {}) => {
    const limits = { input: call.input, timeoutMs: LIMIT_MS, signal: setting.signal }
    return ranTo(await finished(launch(args, call), limits), setting, args)
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

/** Kills the group of a process that is still there some time after `stop` has fired, whatever signals it ignores. */
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

/** Git's own words as our error: the first line that says what is wrong. */
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
