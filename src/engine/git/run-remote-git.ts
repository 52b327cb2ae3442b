import type { SimpleGitOptions } from 'simple-git'
import { PpError } from '../model/error.ts'
import type { RepositoryHost } from './discover.ts'
import type { GitResult } from './run-git.ts'

type UnsafeGitOption = keyof NonNullable<SimpleGitOptions['unsafe']>

/**
 * What simple-git refuses by default in arguments and environment. All of it may be the user's own setting for reaching
 * their remotes (askpass, ssh command, proxy, credential helper, insteadOf), and no argument of ours is a stranger's word.
 */
const GUARDS: readonly UnsafeGitOption[] = [
  'allowAbbreviatedOptions',
  'allowUnsafeAlias',
  'allowUnsafeAskPass',
  'allowUnsafeCommandBinaries',
  'allowUnsafeConfigEnvCount',
  'allowUnsafeConfigPaths',
  'allowUnsafeCredentialHelper',
  'allowUnsafeCustomBinary',
  'allowUnsafeDiffExternal',
  'allowUnsafeDiffTextConv',
  'allowUnsafeEditor',
  'allowUnsafeExec',
  'allowUnsafeFilter',
  'allowUnsafeFsMonitor',
  'allowUnsafeGitProxy',
  'allowUnsafeGpgProgram',
  'allowUnsafeHooksPath',
  'allowUnsafeInclude',
  'allowUnsafeMergeDriver',
  'allowUnsafePack',
  'allowUnsafePager',
  'allowUnsafeProtocolOverride',
  'allowUnsafeSshCommand',
  'allowUnsafeSubmodule',
  'allowUnsafeTemplateDir',
  'allowUnsafeUrlRewrite',
]

/** No list of refs is larger; bytes. */
const MAX_OUTPUT = 256 << 20

/**
 * Runs git as the user would: their directory, environment, configuration, hooks and terminal, so that whatever lets them
 * reach a remote works here too. Only for contacting a remote that the user named. Any exit status; throws INTERRUPTED.
 */
export async function runRemoteGit(host: RepositoryHost, args: readonly string[]): Promise<GitResult> {
  const { simpleGit } = await import('simple-git')
  const env = Object.fromEntries(Object.entries(host.env).filter(([, value]) => value !== undefined))
  const tooMuch = new AbortController()
  const abort = host.signal === undefined ? tooMuch.signal : AbortSignal.any([host.signal, tooMuch.signal])
  let ran: GitResult = { status: 128, stdout: Buffer.alloc(0), stderr: 'git did not start' }
  const git = simpleGit({
    baseDir: host.cwd,
    binary: host.git ?? 'git',
    abort,
    completion: { onClose: true, onExit: false },
    allowEnvironment: Object.keys(env),
    unsafe: Object.fromEntries(GUARDS.map((guard) => [guard, true])),
    // An exit status is an outcome here, so every run is told as it ended.
    errors: (_error, { exitCode: status, stdOut, stdErr }) => {
      ran = { status, stdout: Buffer.concat(stdOut), stderr: Buffer.concat(stdErr).toString('utf8') }
      return undefined
    },
  })
  git.env(env).outputHandler((_command, stdout) => {
    let bytes = 0
    stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_OUTPUT) tooMuch.abort()
    })
  })
  const over = host.trace?.('git', args)
  await git.raw([...args]).catch((cause: unknown) => {
    if (!abort.aborted) throw new PpError('GIT_FAILED', 'git could not be started', { cause })
  })
  over?.(`status ${ran.status}`)
  if (host.signal?.aborted) throw new PpError('INTERRUPTED', 'interrupted while git was running')
  if (tooMuch.signal.aborted)
    throw new PpError('GIT_FAILED', 'the remote lists more than 256 MiB of refs, so they are not read')
  return ran
}
