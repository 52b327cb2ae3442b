import { join } from 'node:path'
import { repositoryToken } from '../../core/jobs/index.ts'
import { type ServedClone, servedClone } from '../../git/index.ts'
import { PpError } from '../../model/error.ts'
import type { Job } from '../../model/job.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller } from '../../model/options.ts'
import type { ServedRepository } from '../../model/worker.ts'
import { cacheDir } from '../../state/index.ts'
import { clock } from '../../wiring/index.ts'

/** In ms: commits that were reachable are looked for in what was fetched so short a time ago. */
const FRESH_MS = 10_000
/** After so many jobs, their proofs are removed from the clone as soon as nothing runs in it. */
const TIDY_AFTER = 200

/** A repository that a worker serves, and its clone. */
export interface Served {
  readonly repository: ServedRepository
  /** Throws OBJECT_MISSING for commits that no fetched ref contains, GIT_FAILED. */
  have(commits: readonly Oid[]): Promise<void>
  /** Runs a job in the clone, which is not tidied meanwhile. */
  within<T>(use: (clone: ServedClone) => Promise<T>): Promise<T>
}

/** `name`: the worker. Each worker has clones of its own. */
export function served(caller: Caller, name: string, repository: ServedRepository, signal: AbortSignal): Served {
  const { url, refs, environment } = repository
  const dir = join(cacheDir(caller.env, caller.home), 'worker', name, repositoryToken(url, environment), 'checkout')
  let opened: Promise<ServedClone> | undefined
  let fetchedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | null = null
  let [running, done] = [0, 0]
  const clone = () => {
    opened ??= servedClone({ dir, url, refs }, caller.env, signal)
    return opened
  }
  const fetch = async () => {
    fetching ??= (async () => {
      const began = clock.elapsed()
      await (await clone()).fetch()
      fetchedAt = began
    })().finally(() => {
      fetching = null
    })
    return fetching
  }
  return {
    repository,
    async have(commits) {
      const isFresh = clock.elapsed() - fetchedAt < FRESH_MS
      if (isFresh && (await (await clone()).unreachable(commits)).length === 0) return
      await fetch()
      const [lost] = await (await clone()).unreachable(commits)
      if (lost !== undefined)
        throw new PpError('OBJECT_MISSING', `no ref that this worker fetches from ${url} contains the commit ${lost}`, {
          mend: 'push the branch, then ask again',
        })
    },
    async within(use) {
      running += 1
      try {
        return await use(await clone())
      } finally {
        running -= 1
        done += 1
        if (running === 0 && done >= TIDY_AFTER) {
          done = 0
          running += 1
          await (await clone()).tidy().catch(() => {})
          running -= 1
        }
      }
    },
  }
}

/** The commits that the repository has to have for a job. */
export function commitsOf({ base, change }: Job): readonly Oid[] {
  return 'commit' in change ? [base, change.commit] : [base]
}
