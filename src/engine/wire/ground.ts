import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { ulid } from '../core/ulid.ts'
import type { Shelf } from '../flows/find.ts'
import { openRepository, type Repository } from '../git/repository.ts'
import type { SessionId } from '../model/oid.ts'
import type { Caller } from '../model/options.ts'
import type { Clock } from '../ports/clock.ts'
import type { Refs } from '../ports/repository.ts'
import { cacheDir, openSessionDir, repositoryDir, type SessionDir } from '../state/session-dir.ts'
import { sweep } from '../state/sweep.ts'

export const clock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  random: (n) => randomBytes(n),
}

/** The repository a command works in, and the directories it may use. */
export interface Ground {
  readonly id: SessionId
  readonly repository: Repository
  readonly refs: Refs
  readonly shelf: Shelf
  /** Where sessions of this repository keep their files. */
  readonly state: string
}

/** Opens the caller's repository for one command and closes it afterwards, whatever happens. */
export async function onGround<T>(caller: Caller, use: (ground: Ground) => Promise<T>): Promise<T> {
  const id = ulid(clock.now(), clock.random(10))
  const cache = cacheDir(caller.env, caller.home)
  const scratch = await openSessionDir(cache, id)
  try {
    const repository = await openRepository({ cwd: caller.cwd, env: caller.env, scratch: scratch.path })
    try {
      const refs: Refs = { ...repository.refs, point: (name, to) => repository.pseudoRef(name).write(to) }
      const { history, notes } = repository
      const state = repositoryDir(cache, repository.place.commonDir)
      return await use({ id, repository, refs, shelf: { history, notes, refs }, state })
    } finally {
      await repository.dispose()
    }
  } finally {
    await scratch.remove()
  }
}

/** The private directory of a session that runs commands; leftovers of dead sessions go first. */
export async function sessionDir(caller: Caller, ground: Ground): Promise<SessionDir> {
  const { commonDir } = ground.repository.place
  await sweep(ground.state, { commonDir, uid: caller.uid, dryRun: false })
  return openSessionDir(ground.state, ground.id)
}
