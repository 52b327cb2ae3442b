import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Oid } from '../model/oid.ts'
import { removeTree } from '../platform/index.ts'
import { lastValueOf } from './config.ts'
import type { GitContext } from './git-context.ts'
import { gitError } from './run-git.ts'

/** A linked worktree: its directory, and git's record of it below `worktrees/` of the common directory. */
export interface LinkedWorktree {
  readonly dir: string
  readonly admin: string
}

/**
 * The same record as `git worktree add --no-checkout --lock` writes, without starting git. `commondir` comes first, because
 * git fails on a record without it. Null: this repository does not keep refs as files.
 */
export async function linkByHand(
  { place, config }: Pick<GitContext, 'place' | 'config'>,
  wanted: { readonly dir: string; readonly name: string; readonly commit: Oid; readonly reason: string },
): Promise<LinkedWorktree | null> {
  if ((lastValueOf(config, 'extensions.refstorage') ?? 'files') !== 'files') return null
  const { dir, name, commit, reason } = wanted
  const admin = path.join(place.commonDir, 'worktrees', name)
  await fs.mkdir(dir)
  await fs.mkdir(path.dirname(admin), { recursive: true })
  await fs.mkdir(admin)
  const files = { commondir: '../..', HEAD: commit, locked: reason, gitdir: path.join(dir, '.git') }
  for (const [file, text] of Object.entries(files)) await fs.writeFile(path.join(admin, file), `${text}\n`)
  await fs.writeFile(path.join(dir, '.git'), `gitdir: ${admin}\n`)
  return { dir, admin }
}

/**
 * `git worktree add` fails if it finds the unfinished record of another worktree (failed to read …/commondir). So our own
 * calls run one after the other, and a call that met another program's record is repeated.
 */
export async function addLinked(
  gitContext: GitContext,
  wanted: { readonly dir: string; readonly commit: Oid; readonly reason: string },
  tries = 8,
): Promise<LinkedWorktree> {
  const { dir, commit, reason } = wanted
  const args = ['worktree', 'add', '--quiet', '--lock', '--reason', reason, '--detach', '--no-checkout', dir, commit]
  const ran = await gitContext.user.run(args)
  if (ran.status !== 0) {
    if (tries <= 1) throw gitError(args, ran)
    await removeTree(dir)
    await sleep(20)
    return addLinked(gitContext, wanted, tries - 1)
  }
  // Read now, before any command has run there; afterwards this file is not trusted.
  const [, admin = ''] = /^gitdir: (.+)\n$/.exec(await fs.readFile(path.join(dir, '.git'), 'utf8')) ?? []
  return { dir, admin: path.resolve(dir, admin) }
}

/** Removes a worktree by the paths that we remember, never by what its files say. It may be gone already. */
export async function removeLinked(
  { dir, admin }: LinkedWorktree,
  holder: string,
  remove: (dir: string) => Promise<void> = removeTree,
): Promise<void> {
  await remove(dir)
  // Without `gitdir` git ignores the record, so nobody finds it half removed. `locked` names the owner, so it is removed last.
  await fs.rm(path.join(admin, 'gitdir'), { force: true })
  const others = (await fs.readdir(admin).catch(() => [])).filter((name) => name !== 'locked')
  for (const name of others) await removeTree(path.join(admin, name))
  await removeTree(admin)
  await removeTree(holder)
  await removeTree(`${holder}.git`)
  await fs.rm(`${holder}.probe`, { force: true })
}
