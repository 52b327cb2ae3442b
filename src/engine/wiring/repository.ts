import { ulid } from '../core/bytes/index.ts'
import type { ChangeSource } from '../flows/base/index.ts'
import type { ProofStore } from '../flows/store/index.ts'
import { NOTES_TEMP, openRepository, type Repository } from '../git/index.ts'
import type { SessionId } from '../model/oid.ts'
import type { Caller } from '../model/options.ts'
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
import { clock } from './clock.ts'
import { onDisk } from './disk-faults.ts'
import { hostOf, type OpenReader } from './reader.ts'

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
    const opened = await openRepository({ ...hostOf(caller), scratch })
    const repository = caller.confined ? withOwnSettings(opened) : opened
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

/** The repository without settings of ours (`pp.`) that its own configuration states: a clone may bring them. */
function withOwnSettings(repository: Repository): Repository {
  const foreign = new Set(['local', 'worktree'])
  return {
    ...repository,
    async config(prefix) {
      const all = await repository.config(prefix)
      return new Map(
        [...all].map(([key, values]) => [
          key,
          key.startsWith('pp.') ? values.filter(({ scope }) => !foreign.has(scope)) : values,
        ]),
      )
    },
  }
}
