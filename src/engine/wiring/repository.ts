import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { ulid } from '../core/bytes/index.ts'
import { withoutOwnKeys } from '../core/environment/index.ts'
import type { ChangeSource } from '../flows/base/index.ts'
import type { LogReader, ProofStore } from '../flows/store/index.ts'
import { NOTES_TEMP, openReader, openRepository, type Repository, type RepositoryReader } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import type { SessionId } from '../model/oid.ts'
import type { Caller } from '../model/options.ts'
import type { Clock } from '../ports/clock.ts'
import type { Refs } from '../ports/repository.ts'
import { cgroupsOf, removeCgroup, removeLeftContainer, toolPath } from '../sandboxes/index.ts'
import {
  cacheDir,
  evictBases,
  type LeftContainer,
  openSessionDir,
  repositoryDir,
  type SessionDir,
  type SweepOptions,
  type SweepResult,
  sweep,
} from '../state/index.ts'
import { clientEnvironment } from './client-environment.ts'
import { traceOf } from './trace.ts'

export const clock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  random: (n) => randomBytes(n),
}

/** A repository that a command only reads. */
export interface OpenReader {
  readonly repository: RepositoryReader
  readonly refs: RepositoryReader['refs']
  readonly proofStore: LogReader
  /** A private directory (0700) of this command; it is made when it is asked for. */
  privateDirectory(): Promise<string>
}

/** The repository a command works in, and the directories it may use. */
export interface OpenRepository extends OpenReader {
  /** The private directory. */
  readonly scratch: string
  readonly id: SessionId
  readonly repository: Repository
  readonly refs: Refs
  readonly proofStore: ProofStore
  /** `state`: where sessions of this repository keep their files. `cache`: where all commands keep theirs. */
  readonly state: string
  readonly cache: string
}

/** The ports for finding a base or a change in the repository. */
export function changeSource({ repository, refs }: OpenRepository): ChangeSource {
  const { history, objects, patches, snapshots } = repository
  return { history, objects, patches, snapshots, refs, head: () => repository.head(), now: clock.now }
}

/** Opens the caller's repository for one command and closes it in every case. */
export function withRepository<T>(caller: Caller, use: (openRepo: OpenRepository) => Promise<T>): Promise<T> {
  return onDisk(() => inRepository(caller, use))
}

/** Opens the caller's repository for a command that only reads it. Most of what it reads needs neither git nor a directory. */
export function withReader<T>(caller: Caller, use: (reader: OpenReader) => Promise<T>): Promise<T> {
  return onDisk(async () => {
    let made: Promise<SessionDir> | undefined
    const privateDirectory = async () => {
      made ??= openSessionDir(cacheDir(caller.env, caller.home), ulid(clock.now(), clock.random(10)))
      return (await made).path
    }
    try {
      const repository = await openReader({ ...hostOf(caller), scratch: privateDirectory })
      const { history, notes, refs } = repository
      const reader = { repository, refs, proofStore: { history, notes, refs }, privateDirectory }
      return await use(reader).finally(() => repository.dispose())
    } finally {
      await (await made?.catch(() => null))?.remove()
    }
  })
}

function hostOf(caller: Caller) {
  return {
    cwd: caller.cwd,
    env: withoutOwnKeys(caller.env),
    stop: caller.signal,
    trace: traceOf(caller, clock),
  }
}

/** A private directory of one command; it is removed afterwards. */
export interface ScratchDirectory {
  readonly id: SessionId
  readonly cache: string
  readonly scratch: string
}

/** For commands that need no repository. */
export function withScratchDirectory<T>(caller: Caller, use: (scratch: ScratchDirectory) => Promise<T>): Promise<T> {
  return onDisk(() => withScratch(caller, use))
}

async function withScratch<T>(caller: Caller, use: (scratch: ScratchDirectory) => Promise<T>): Promise<T> {
  const id = ulid(clock.now(), clock.random(10))
  const cache = cacheDir(caller.env, caller.home)
  const dir = await openSessionDir(cache, id)
  try {
    return await use({ id, cache, scratch: dir.path })
  } finally {
    await dir.remove()
  }
}

function inRepository<T>(caller: Caller, use: (openRepo: OpenRepository) => Promise<T>): Promise<T> {
  return withScratch(caller, async ({ id, cache, scratch }) => {
    const repository = await openRepository({ ...hostOf(caller), scratch })
    try {
      const refs: Refs = { ...repository.refs, point: (name, to) => repository.pseudoRef(name).write(to) }
      const { history, notes } = repository
      const state = repositoryDir(cache, repository.place.commonDir)
      const privateDirectory = async () => scratch
      const proofStore = { history, notes, refs }
      return await use({ id, repository, refs, proofStore, state, cache, scratch, privateDirectory })
    } finally {
      await repository.dispose()
    }
  })
}

/** Error codes for a disk that is full, read-only or broken, and for limits of the system that we exceed. */
const DISK = new Set('ENOSPC EDQUOT EROFS EIO EACCES EPERM EMFILE ENFILE ESTALE ENOTCONN'.split(' '))

/** Turns such an error into a named fault, because it is not a mistake of this tool. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PpError || !(error instanceof Error) || !('code' in error)) throw error
    if (typeof error.code !== 'string' || !DISK.has(error.code)) throw error
    throw new PpError('DISK_FAILED', `the disk or the system refused to work: ${error.message}`, { cause: error })
  }
}

/** The prefixes of our refs. */
const OURS = ['refs/pp', 'refs/notes/pp', 'refs/notes/pp-local']

/** A foreign ref in the place of ours is reported before anything runs, and not at the end. Throws GIT_FAILED. */
async function assertFree({ repository, id }: OpenRepository): Promise<void> {
  const taken = await Promise.all(OURS.map((name) => repository.history.resolve(name)))
  if (taken.some((oid) => oid !== null)) await repository.assertFree(OURS.map((name) => `${name}/${id}`))
}

/** The private directory of a session that runs commands; leftovers of dead sessions go first. */
export async function openPrivateDirectory(caller: Caller, openRepo: OpenRepository): Promise<SessionDir> {
  await assertFree(openRepo)
  await sweepDeadSessions(caller, openRepo, { dryRun: false, kept: false })
  return openSessionDir(openRepo.state, openRepo.id)
}

/** Removes what dead commands left, including the refs of unfinished notes in this repository. */
export async function sweepDeadSessions(
  caller: Caller,
  openRepo: OpenRepository,
  { dryRun, kept }: Pick<SweepOptions, 'dryRun' | 'kept'>,
): Promise<SweepResult> {
  const { repository, refs, state, cache } = openRepo
  const { top, commonDir } = repository.place
  const tools = toolPath({ path: caller.env['PATH'] ?? '', checkout: top })
  const removeContainer = (left: LeftContainer) => removeLeftContainer(left, tools, clientEnvironment(caller.env))
  const cgroups = { of: cgroupsOf, remove: removeCgroup }
  const swept = await sweep([state, cache], { commonDir, uid: caller.uid, dryRun, kept, cgroups, removeContainer })
  const unfinished = swept.scratch.length === 0 ? [] : [...(await refs.list(NOTES_TEMP))]
  const dead = unfinished.filter(([ref]) => swept.scratch.some((name) => ref.startsWith(`${NOTES_TEMP}/${name}-`)))
  const stillThere = async (fault: unknown) => {
    const left = await refs.list(NOTES_TEMP)
    if (dead.some(([ref]) => left.has(ref))) throw fault
  }
  if (!dryRun) await refs.update(dead.map(([ref, oid]) => ({ ref, to: null, from: oid }))).catch(stillThere)
  const evicted = await evictBases({ repository: state, living: swept.living, now: clock.now().getTime(), dryRun })
  const removed = [
    ...swept.removed,
    ...dead.map(([what]) => ({ what, why: 'file of a dead session' })),
    ...evicted.map((what) => ({ what, why: 'shared checkout that is not needed any more' })),
  ]
  return { ...swept, removed }
}
