import type { Stats } from 'node:fs'
import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { GcResult } from '../model/options.ts'
import { removeTree } from '../platform/index.ts'
import { containersOf, type LeftContainer } from './containers.ts'
import { endSurvivors } from './end-survivors.ts'
import { type DirectoryOwner, discardSessionDir, KEPT, ownerIn, processNamespace, startTime } from './session-dir.ts'

/** The result of a sweep. */
export interface SweepResult {
  readonly removed: GcResult['removed']
  /** Sessions in progress. */
  readonly living: readonly string[]
  /** Names of the directories in which dead sessions worked with git. */
  readonly scratch: readonly string[]
}

/** The cgroups that sessions made for their runs; another room implements this. */
export interface CgroupCleaner {
  /** The remaining cgroups of a session, by its directory and name. */
  of(dir: string, session: string): Promise<readonly string[]>
  /** Ends the processes in a cgroup and removes it. */
  remove(path: string): Promise<unknown>
}

export interface SweepOptions {
  readonly commonDir: string
  readonly uid: number
  readonly dryRun: boolean
  /** True: also removes what a user wanted to keep. */
  readonly kept: boolean
  readonly cgroups: CgroupCleaner
  /** False: it is still there. */
  readonly removeContainer: (left: LeftContainer) => Promise<boolean>
}

/**
 * Removes what dead sessions left below `roots`: containers, cgroups, processes, their directories, and the worktrees
 * registered in them. It removes only our own things and follows no link. If containers of a session remain, its directory
 * remains, too, so that the next sweep tries again.
 */
export async function sweep(roots: readonly string[], options: SweepOptions): Promise<SweepResult> {
  const removed: { what: string; why: string }[] = []
  const living: string[] = []
  const scratch: string[] = []
  const remove = async (what: string, why: string, by: (path: string) => Promise<unknown> = removeTree) => {
    // A session has two directories, and both may lead to the same worktree.
    if (removed.some((one) => one.what === what)) return
    removed.push({ what, why })
    if (!options.dryRun) await by(what)
  }
  for (const { name, dir, facts } of await sessionsBelow(roots)) {
    if (facts.uid !== options.uid) continue
    if (await underWay(dir, facts.mtimeMs)) {
      living.push(name)
      continue
    }
    if (!options.kept && (await smallFile(join(dir, KEPT))) !== null) continue
    // Null: another sweep was faster.
    const real = await realpath(dir).catch(() => null)
    if (real === null) continue
    let stays = false
    for (const left of await containersOf(dir)) {
      const gone = options.dryRun || (await options.removeContainer(left))
      if (gone) removed.push({ what: `${left.runtime} container ${left.name}`, why: `of the dead session ${name}` })
      else stays = true
    }
    if (stays) continue
    // Cgroups come first, because processes in them may still write to the other files.
    for (const cgroup of await options.cgroups.of(real, name))
      await remove(cgroup, `cgroup of the dead session ${name}`, options.cgroups.remove)
    if (!options.dryRun) await endSurvivors(name, options.uid)
    for (const { admin, gitFile, reason } of await worktrees(options.commonDir))
      if (gitFile.startsWith(`${real}/`) || reason.includes(name))
        await remove(admin, `worktree of the dead session ${name}`)
    scratch.push(...(await readdir(dir).catch(() => [])).filter((entry) => entry.startsWith('git-')))
    removed.push({ what: dir, why: 'working directory of a dead session' })
    if (!options.dryRun) await discardSessionDir(dir)
  }
  return { removed, living, scratch }
}

async function sessionsBelow(roots: readonly string[]) {
  const found: { name: string; dir: string; facts: Stats }[] = []
  for (const sessions of roots.map((root) => join(root, 'sessions'))) {
    for (const name of await readdir(sessions).catch(() => [])) {
      const dir = join(sessions, name)
      const facts = await lstat(dir).catch(() => null)
      if (facts?.isDirectory()) found.push({ name: name.replace(/~.*$/, ''), dir, facts })
    }
  }
  return found
}

/** In ms. A younger directory without a recorded owner may be one that is just being created. */
const GRACE = 60_000
/** In ms. For a session on another machine, in another container or before a reboot, only the age is known. */
const LONGEST = 24 * 3_600_000

async function underWay(dir: string, changedMs: number): Promise<boolean> {
  const { boot, space } = await processNamespace()
  const owner = (await ownerOf(join(dir, 'owner'))) ?? ownerIn(basename(dir), { boot, space })
  if (!owner) return Date.now() - changedMs < GRACE
  return owner.boot === boot && owner.space === space ? alive(owner) : Date.now() - changedMs < LONGEST
}

/**
 * Git's record of a linked worktree: its path, the `.git` file that it belongs to, and why it is locked; '' for what is
 * missing.
 */
interface RegisteredWorktree {
  readonly admin: string
  readonly gitFile: string
  readonly reason: string
}

async function worktrees(commonDir: string): Promise<readonly RegisteredWorktree[]> {
  const root = join(commonDir, 'worktrees')
  const found: RegisteredWorktree[] = []
  for (const name of await readdir(root).catch(() => [])) {
    const admin = join(root, name)
    if (!(await lstat(admin).catch(() => null))?.isDirectory()) continue
    const [gitFile, reason] = await Promise.all(['gitdir', 'locked'].map((file) => smallFile(join(admin, file))))
    found.push({ admin, gitFile: gitFile?.trim() ?? '', reason: reason ?? '' })
  }
  return found
}

async function alive({ pid, started }: DirectoryOwner): Promise<boolean> {
  if (started !== '') return (await startTime(pid)) === started
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function ownerOf(path: string): Promise<DirectoryOwner | null> {
  const [line] = (await smallFile(path))?.split('\n') ?? []
  try {
    return line ? (JSON.parse(line) as DirectoryOwner) : null
  } catch {
    return null
  }
}

async function smallFile(path: string): Promise<string | null> {
  const facts = await lstat(path).catch(() => null)
  return facts?.isFile() && facts.size < 1 << 20 ? readFile(path, 'utf8') : null
}
