import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { nothingLeft, processesOf } from './left.ts'
import { pp } from './pp.ts'
import { fsckClean, type RepoState, type TestRepo } from './repo.ts'

/** Where a test gives the tool its own TMPDIR, everything that it leaves there is seen. */
export const tempOf = (repo: TestRepo) => `${repo.home}/tmp`

/**
 * What is wrong after a session was ended by kill -9; empty when all is well: no process of it, the user's state as it was and
 * a sound repository at once; and after `gc` no directory, worktree, lock or unfinished note either.
 */
export async function afterKill(repo: TestRepo, before: RepoState): Promise<string[]> {
  const root = `${repo.home}/..`.replace(/\/[^/]+\/\.\.$/, '')
  for (let n = 0; n < 60 && processesOf(root).length > 0; n++) await sleep(50)
  return [
    ...processesOf(root).map(({ words }) => `process: ${words}`),
    ...(await differences(repo, before, ['worktrees'])),
    ...(await failing('fsck', () => fsckClean(repo))),
    ...(await answers(repo, ['gc', '--json'])),
    ...(await clean(repo, before)),
    ...(await answers(repo, ['log', '--json'])),
  ]
}

/** What is wrong after a session had the time to tidy up. */
export async function clean(repo: TestRepo, before: RepoState): Promise<string[]> {
  return [
    ...(await failing('left', () => nothingLeft(repo))),
    ...(await differences(repo, before, [])),
    ...(await failing('fsck', () => fsckClean(repo))),
    ...(await readdir(tempOf(repo)).catch(() => [])).map((name) => `in the temp directory: ${name}`),
  ]
}

async function answers(repo: TestRepo, args: readonly string[]): Promise<string[]> {
  const { status, stdout } = await pp(repo, args)
  return status === 0 ? [] : [`${args[0]} answers ${status}: ${stdout.trim()}`]
}

async function differences(repo: TestRepo, before: RepoState, but: readonly (keyof RepoState)[]): Promise<string[]> {
  const now = await repo.snapshotState()
  const keys = Object.keys(before) as (keyof RepoState)[]
  return keys
    .filter((key) => !but.includes(key) && !isDeepStrictEqual(now[key], before[key]))
    .map((key) => `changed: ${key}: ${JSON.stringify(now[key])}`)
}

async function failing(what: string, act: () => Promise<unknown>): Promise<string[]> {
  return act().then(
    () => [],
    (error: Error) => [`${what}: ${error.message}`],
  )
}
