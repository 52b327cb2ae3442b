import type { SimpleGitOptions } from 'simple-git'
import { PpError } from '../model/error.ts'
import type { RepositoryHost } from './discover.ts'
import type { GitResult } from './run-git.ts'

type UnsafeGitOption = keyof NonNullable<SimpleGitOptions['unsafe']>

/**
 * What simple-git refuses by default in arguments and environment. All of it may be the user's own setting for their remotes
 * (askpass, ssh command, proxy, credential helper, insteadOf), and none of our arguments comes from an untrusted source.
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

/** In bytes; no list of refs is larger. */
const MAX_OUTPUT = 256 << 20

/**
 * Runs git as the user would: in their directory, with their environment, configuration, hooks and terminal, so that every
 * setting they need to reach a remote works here, too. Only for contacting a remote that the user named. Accepts any exit
 * status; throws INTERRUPTED.
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
    // Here, any exit status is a result, so no run is reported as an error.
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
