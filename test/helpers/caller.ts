import type { Caller } from '../../src/engine/model/options.ts'
import type { TestRepo } from './repo.ts'

/** Who stands in a test repository, with its environment and nothing else. */
export function callerOf(repo: TestRepo): Caller {
  const { signal } = new AbortController()
  return {
    cwd: repo.dir,
    env: repo.env,
    home: repo.home,
    uid: 0,
    gid: 0,
    version: '0.0.0',
    node: process.execPath,
    signal,
  }
}
