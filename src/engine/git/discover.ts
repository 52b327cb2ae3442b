import * as fs from 'node:fs/promises'
import { shellWord } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import type { CallTrace } from '../ports/trace.ts'
import { type GitConfig, readConfig } from './config.ts'
import { reachedThroughDotGit } from './dot-git-links.ts'
import { type GitProgram, type GitResult, gitMessage, gitProgram } from './run-git.ts'

/** What a repository is opened with. `env` is the caller's environment, `scratch` an absolute directory for our temp files. */
export interface RepositoryHost {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly scratch: string
  /** The git program; default 'git' on the caller's PATH. */
  readonly git?: string
  readonly signal?: AbortSignal
  /** Fires if the user wants the command to end; git may still finish its work if that is quick. */
  readonly stop?: AbortSignal
  readonly trace?: CallTrace | undefined
}

export interface DiscoveredRepository {
  readonly place: RepositoryPaths
  /** As git prints it. */
  readonly version: string
  /** The index in use, absolute (GIT_INDEX_FILE counts). */
  readonly index: string
  readonly head: Oid
  readonly config: GitConfig
}

const MINIMUM = [2, 36] as const
const ASKED = [
  '--path-format=absolute',
  '--is-bare-repository',
  '--show-object-format',
  '--git-dir',
  '--git-common-dir',
  '--git-path',
  'index',
  '--show-toplevel',
  '--show-prefix',
  'HEAD^{commit}',
]

/**
 * Finds the caller's repository as git itself finds it: in the caller's directory with the caller's variables, so -C,
 * GIT_DIR, GIT_WORK_TREE and safe.directory count. All later calls name the git directory explicitly.
 */
export async function discover(host: RepositoryHost): Promise<DiscoveredRepository> {
  await fs.access(host.cwd).catch((cause: unknown) => {
    throw new PpError('NOT_A_REPOSITORY', `the directory ${host.cwd} no longer exists`, { cause })
  })
  const git = callersGit(host)
  const [version, asked, config] = await Promise.all([
    git.run(['version']).catch(noProgram),
    git.run(['rev-parse', ...ASKED]).catch(noProgram),
    readConfig(git),
  ])
  const said = version.stdout.toString('utf8').trim()
  checkVersion(said)
  const found = { ...read(asked, host.cwd), version: said, config }
  // Git 2.36 and 2.37 do not know safe.bareRepository, so the same rule is checked here.
  const named = host.env['GIT_DIR'] !== undefined
  if (!named && !(await reachedThroughDotGit(host.cwd, found.place.gitDir))) throw notReached(host.cwd)
  return found
}

/**
 * Git exactly as the caller would run it, with two differences. Messages are in English. A directory that only looks like a
 * repository must be named by GIT_DIR, because any branch can bring such a directory, with settings that name programs.
 */
export function callersGit(host: RepositoryHost): GitProgram {
  const own = Object.entries(host.env).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return gitProgram({
    program: host.git ?? 'git',
    env: { ...Object.fromEntries(own), LC_ALL: 'C', LANGUAGE: '', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    cwd: host.cwd,
    options: ['-c', 'safe.bareRepository=explicit'],
    signal: host.signal,
    stop: host.stop,
    trace: host.trace,
  })
}

/** All settings, as the caller's git has them. */
export function callersConfig(host: RepositoryHost): Promise<GitConfig> {
  return readConfig(callersGit(host))
}

function noProgram(cause: unknown): never {
  if (cause instanceof PpError && cause.code === 'INTERRUPTED') throw cause
  throw new PpError('GIT_FAILED', 'git cannot be started; install git 2.36 or newer and put it on PATH', { cause })
}

function checkVersion(text: string): void {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(text) ?? []
  if (Number(major) > MINIMUM[0] || (Number(major) === MINIMUM[0] && Number(minor) >= MINIMUM[1])) return
  const found = text || 'no version'
  throw new PpError('GIT_FAILED', `git pp needs git ${MINIMUM.join('.')} or newer, but this git says: ${found}`)
}

function read(asked: GitResult, cwd: string): Omit<DiscoveredRepository, 'config' | 'version'> {
  const lines = asked.stdout.toString('utf8').split('\n')
  const [bare = '', format = '', gitDir = '', commonDir = '', index = '', top = '', prefix = '', head = ''] = lines
  // Git reports these cases only in words; the name of the setting in them is stable.
  if (asked.stderr.includes('safe.directory')) throw foreign(asked.stderr, cwd)
  if (asked.stderr.includes('safe.bareRepository')) throw notReached(cwd)
  if (bare === '')
    throw new PpError('NOT_A_REPOSITORY', `${cwd} is not in a git repository: ${gitMessage(asked.stderr)}`)
  if (bare === 'true')
    throw unsupported(`${gitDir} is a bare repository; git pp needs a work tree, so run it in a clone`)
  if (top === '') throw unsupported(`${cwd} is inside the git directory ${gitDir}; change to the work tree`)
  if (lines.length > 9)
    throw unsupported(`the path ${JSON.stringify(cwd)} holds a newline; move the repository to a path without one`)
  if (!/^[0-9a-f]{40,64}$/.test(head))
    throw unsupported(`the repository ${top} has no commit yet; commit something first`)
  if (format !== 'sha1' && format !== 'sha256')
    throw unsupported(`the repository ${top} uses the object format ${format}, which git pp does not know`)
  const place: RepositoryPaths = { top, prefix: prefix.replace(/\/$/, ''), gitDir, commonDir, objectFormat: format }
  return { place, index, head }
}

function unsupported(message: string): PpError {
  return new PpError('UNSUPPORTED_REPOSITORY', message)
}

function notReached(cwd: string): PpError {
  return unsupported(
    `${cwd} is in a bare repository, in a git directory, or in files that only look like one; git pp needs a work tree ` +
      'with its own .git, so change to a work tree, or name the repository with GIT_DIR and GIT_WORK_TREE',
  )
}

function foreign(stderr: string, cwd: string): PpError {
  const mend = stderr.split('\n').find((line) => /^\s+git config .*safe\.directory/.test(line))
  const command = mend?.trim() ?? `git config --global --add safe.directory ${shellWord(cwd)}`
  return new PpError(
    'FOREIGN_REPOSITORY',
    `this repository belongs to another user, so git refuses it; if you trust it: ${command}`,
    { mend: command },
  )
}
