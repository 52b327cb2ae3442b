import type { Stats } from 'node:fs'
import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sweep } from '../model/options.ts'
import { containersOf, type LeftContainer } from './containers.ts'
import { here, type Owner, startTime } from './session-dir.ts'
import { removeTree } from './unlock.ts'

/** What a sweep found. */
export interface Swept {
  readonly removed: Sweep['removed']
  /** Sessions under way. */
  readonly living: readonly string[]
  /** Names of the directories in which dead sessions worked with git. */
  readonly scratch: readonly string[]
}

export interface Sweeping {
  readonly commonDir: string
  readonly uid: number
  readonly dryRun: boolean
  /** False: it is still there. */
  readonly removeContainer: (left: LeftContainer) => Promise<boolean>
}

/**
 * Removes what dead sessions left below `roots`: containers, their directories and the worktrees registered inside them; only
 * ours, no link followed. The directory of a session whose containers stay stays too, so that the next sweep tries again.
 */
export async function sweep(roots: readonly string[], options: Sweeping): Promise<Swept> {
  const removed: { what: string; why: string }[] = []
  const living: string[] = []
  const scratch: string[] = []
  const remove = async (what: string, why: string) => {
    removed.push({ what, why })
    if (!options.dryRun) await removeTree(what)
  }
  const registered = await worktrees(options.commonDir)
  for (const { name, dir, facts } of await sessionsBelow(roots)) {
    if (facts.uid !== options.uid) continue
    if (await underWay(dir, facts.mtimeMs)) {
      living.push(name)
      continue
    }
    // Null: another command that sweeps was faster.
    const real = await realpath(dir).catch(() => null)
    if (real === null) continue
    let stays = false
    for (const left of await containersOf(dir)) {
      const gone = options.dryRun || (await options.removeContainer(left))
      if (gone) removed.push({ what: `${left.runtime} container ${left.name}`, why: `of the dead session ${name}` })
      else stays = true
    }
    if (stays) continue
    for (const { admin, gitFile } of registered)
      if (gitFile.startsWith(`${real}/`)) await remove(admin, `worktree of the dead session ${name}`)
    scratch.push(...(await readdir(dir).catch(() => [])).filter((entry) => entry.startsWith('git-')))
    await remove(dir, 'working directory of a dead session')
  }
  return { removed, living, scratch }
}

async function sessionsBelow(roots: readonly string[]) {
  const found: { name: string; dir: string; facts: Stats }[] = []
  for (const sessions of roots.map((root) => join(root, 'sessions'))) {
    for (const name of await readdir(sessions).catch(() => [])) {
      const dir = join(sessions, name)
      const facts = await lstat(dir).catch(() => null)
      if (facts?.isDirectory()) found.push({ name, dir, facts })
    }
  }
  return found
}

/** A directory without an owner's line may be one that is just being made. ms. */
const GRACE = 60_000
/** Of a session on another machine, in another container or before a reboot only the age can be known. ms. */
const LONGEST = 24 * 3_600_000

async function underWay(dir: string, changedMs: number): Promise<boolean> {
  const owner = await ownerOf(join(dir, 'owner'))
  if (!owner) return Date.now() - changedMs < GRACE
  const { boot, space } = await here()
  return owner.boot === boot && owner.space === space ? alive(owner) : Date.now() - changedMs < LONGEST
}

/** The linked worktrees of a repository: where git keeps each, and the `.git` file that it belongs to. */
async function worktrees(commonDir: string): Promise<readonly { admin: string; gitFile: string }[]> {
  const root = join(commonDir, 'worktrees')
  const found: { admin: string; gitFile: string }[] = []
  for (const name of await readdir(root).catch(() => [])) {
    const admin = join(root, name)
    const gitdir = await smallFile(join(admin, 'gitdir'))
    if (gitdir !== null && (await lstat(admin)).isDirectory()) found.push({ admin, gitFile: gitdir.trim() })
  }
  return found
}

async function alive({ pid, started }: Owner): Promise<boolean> {
  if (started !== '') return (await startTime(pid)) === started
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function ownerOf(path: string): Promise<Owner | null> {
  const [line] = (await smallFile(path))?.split('\n') ?? []
  try {
    return line ? (JSON.parse(line) as Owner) : null
  } catch {
    return null
  }
}

async function smallFile(path: string): Promise<string | null> {
  const facts = await lstat(path).catch(() => null)
  return facts?.isFile() && facts.size < 1 << 20 ? readFile(path, 'utf8') : null
}
