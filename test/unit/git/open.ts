import * as path from 'node:path'
import type { ExecutionContext } from 'ava'
import { openRepository, type Repository } from '../../../src/engine/git/repository.ts'
import type { TestRepo } from '../../helpers/repo.ts'

/** The adapters over a test repository, ended by `t.teardown`. `cwd` is below `repo.dir`. */
export async function open(t: ExecutionContext, repo: TestRepo, cwd = '', env = {}): Promise<Repository> {
  const opened = await openRepository({
    cwd: path.join(repo.dir, cwd),
    env: { ...repo.env, ...env },
    scratch: scratchOf(repo),
  })
  t.teardown(() => opened.dispose())
  return opened
}

export function scratchOf(repo: TestRepo): string {
  return path.join(repo.home, 'scratch')
}
