import { createHash } from 'node:crypto'
import { mkdir, readFile, readlink, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PpError } from '../model/error.ts'
import { BASES } from '../model/shared-bases.ts'
import { removeTree } from '../platform/index.ts'

/** The owner of a session's directory. A pid alone is not enough, because it may have been used again. */
export interface DirectoryOwner {
  readonly pid: number
  /** Clock ticks since boot, as text. */
  readonly started: string
  readonly boot: string
  /** The namespace of `pid`, because containers may share a cache. */
  readonly space: string
}

/** The private directory of one session: scratch files and work trees. */
export interface SessionDir {
  readonly path: string
  /** Removes the directory; called when nothing in it is worth keeping. */
  remove(): Promise<void>
  /** Keeps the directory until the user asks for a sweep of kept directories. */
  keep(): Promise<void>
}

/** A file that marks a directory which the user wanted to keep. */
export const KEPT = 'kept'

/** `$XDG_CACHE_HOME/git-pp`, or `~/.cache/git-pp`. */
export function cacheDir(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const cache = env['XDG_CACHE_HOME']
  return join(cache?.startsWith('/') ? cache : join(home, '.cache'), 'git-pp')
}

/** One directory below the cache for each shared git directory. */
export function repositoryDir(cache: string, commonDir: string): string {
  return join(cache, createHash('sha256').update(commonDir).digest('hex').slice(0, 16))
}

/** Where sessions keep the checkouts that they share; in the directory of a repository, or in that of one session. */
export function basesDir(dir: string): string {
  return join(dir, BASES)
}

/** Creates the directory of a session, with mode 0700, and records its owner. */
export async function openSessionDir(repository: string, session: string): Promise<SessionDir> {
  const path = join(repository, 'sessions', session)
  try {
    await mkdir(join(repository, 'sessions'), { recursive: true, mode: 0o700 })
    const owner: DirectoryOwner = {
      pid: process.pid,
      started: await startTime(process.pid),
      ...(await processNamespace()),
    }
    const made = halfDone(path, owner)
    await mkdir(made, { mode: 0o700 })
    await writeFile(join(made, 'owner'), `${JSON.stringify(owner)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(made, path)
  } catch (cause) {
    throw new PpError(
      'DISK_FAILED',
      `cannot make the working directory ${path}: ${(cause as Error).message}; set XDG_CACHE_HOME to a directory that you can write`,
      { cause },
    )
  }
  return { path, remove: () => discardSessionDir(path), keep: () => writeFile(join(path, KEPT), '') }
}

/**
 * Removes a session's directory. First it gets a name that contains the owner, for as long as something of it is left. The
 * directory may be gone already.
 */
export async function discardSessionDir(path: string): Promise<void> {
  const owner: DirectoryOwner = {
    pid: process.pid,
    started: await startTime(process.pid),
    ...(await processNamespace()),
  }
  const half = halfDone(path, owner)
  const moved = await rename(path, half).then(
    () => half,
    () => path,
  )
  await removeTree(moved)
}

/**
 * The name of a directory without a recorded owner, because it is being created or removed: the name itself contains the
 * owner.
 */
function halfDone(path: string, { pid, started, space }: DirectoryOwner): string {
  return `${path.replace(/~.*$/, '')}~${pid}~${started}~${space.replace(/\D/g, '')}`
}

/** The owner in such a name, if its pid is meaningful here; null for any other name. */
export function ownerIn(name: string, place: Pick<DirectoryOwner, 'boot' | 'space'>): DirectoryOwner | null {
  const [, pid, started = '', space] = /~(\d+)~(\d*)~(\d*)$/.exec(name) ?? []
  return pid !== undefined && space === place.space.replace(/\D/g, '') ? { pid: Number(pid), started, ...place } : null
}

/** When a process started, in clock ticks since boot; '' without /proc. */
export async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** The boot and the namespace in which a pid is valid; '' without /proc. */
export async function processNamespace(): Promise<Pick<DirectoryOwner, 'boot' | 'space'>> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '')
  return { boot: boot.trim(), space: await readlink('/proc/self/ns/pid').catch(() => '') }
}
