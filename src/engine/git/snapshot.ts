import type { Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { CommitHistory, Snapshot, Snapshots } from '../ports/repository.ts'
import { filtersOf } from './attributes.ts'
import { filterNames } from './config.ts'
import type { GitContext } from './git-context.ts'
import { zeroId } from './object-format.ts'
import { indexLine } from './objects.ts'
import { nulEnded, parseStatus, type StatusRow } from './parse-output.ts'
import { lstatIfPresent, parentsOf, pathOnDisk } from './paths-on-disk.ts'
import type { GitProgram } from './run-git.ts'
import { type StagedPaths, stagedTree } from './staged-tree.ts'

const MAX_FILE = 50 * 1024 * 1024
const MAX_ALL = 256 * 1024 * 1024

type SnapshotRow = Exclude<StatusRow, { is: 'unmerged' }>

/** What happens to each path that git reports as changed. */
interface SnapshotPlan extends StagedPaths {
  /** Left out: HEAD's version, or nothing. */
  readonly keep: readonly { readonly row: SnapshotRow; readonly why: string }[]
}

/**
 * The work tree as a commit on HEAD, made in a copy of the index: what `git add -A` would stage, without filters and without
 * the paths that `deny` names. Limits: 50 MiB for each file, 256 MiB in total. The user's index and files are only read.
 */
export function snapshots(gitContext: GitContext, userIndex: string, history: CommitHistory): Snapshots {
  return {
    async take(deny, at) {
      const index = gitContext.temp('snapshot')
      try {
        await copyIndex(userIndex, index)
        const git = gitContext.user.with({
          cwd: gitContext.place.top,
          env: { GIT_WORK_TREE: gitContext.place.top, GIT_INDEX_FILE: index },
        })
        return await taken(gitContext, git, history, deny, at)
      } finally {
        await fs.rm(index, { force: true })
      }
    },
  }
}

async function taken(
  gitContext: GitContext,
  git: GitProgram,
  history: CommitHistory,
  deny: (path: string) => string | null,
  at: Date,
): Promise<Snapshot> {
  const head = await headOf(history)
  await gitContext.weigh(head.tree)
  const rows = await changedRows(git)
  const clean = { commit: head.oid, tree: head.tree, dirty: false }
  if (rows.length === 0) return { ...clean, leftOut: [] }
  const plan = await planOf(gitContext, git, rows, deny)
  const tree =
    (await stagedTree(gitContext, git, head.tree, plan)) ?? (await stagedByGit(git, plan, zeroId(gitContext.place)))
  const leftOut = plan.keep.map(({ row, why }) => ({ path: row.path, why }))
  if (tree === head.tree) return { ...clean, leftOut }
  const commit = await history.write({
    tree,
    parents: [head.oid],
    message: 'git pp: uncommitted work, as a session started from it\n',
    at,
  })
  return { commit, tree, dirty: true, leftOut }
}

async function headOf(history: CommitHistory): Promise<{ readonly oid: Oid; readonly tree: Oid }> {
  const oid = await history.resolve('HEAD')
  if (oid === null) throw new PpError('UNSUPPORTED_REPOSITORY', 'this branch has no commit yet; commit something first')
  return { oid, tree: (await history.commit(oid)).tree }
}

/**
 * Git trusts an index entry if its file is older than the index. A copy is younger than the index, so it gets the time of the
 * index, rounded down; files that changed within that second are then read again.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const stat = await lstatIfPresent(from)
  if (stat === null) return
  await fs.copyFile(from, to)
  await fs.utimes(to, Math.floor(stat.atimeMs / 1000), Math.floor(stat.mtimeMs / 1000))
}

async function changedRows(git: GitProgram): Promise<readonly SnapshotRow[]> {
  // For submodules only the commit is compared: looking into them would start git with their configuration.
  const args = ['status', '--porcelain=v2', '-z', '-uall', '--no-renames', '--ignore-submodules=dirty']
  const rows = parseStatus(await git.bytes(args))
  const unmerged = rows.find(({ is }) => is === 'unmerged')
  if (unmerged !== undefined) {
    const message = `${unmerged.path} has an unfinished merge; resolve it and git add the file, or use --base HEAD`
    throw new PpError('UNSUPPORTED_REPOSITORY', message)
  }
  return rows.filter((row): row is SnapshotRow => row.is !== 'unmerged')
}

async function planOf(
  gitContext: GitContext,
  git: GitProgram,
  rows: readonly SnapshotRow[],
  deny: (path: string) => string | null,
) {
  const take: string[] = []
  const drop: string[] = []
  const staged: Extract<SnapshotRow, { is: 'tracked' }>[] = []
  const keep: { row: SnapshotRow; why: string }[] = []
  const filters = await runFilters(gitContext, git, rows)
  let total = 0
  for (const row of rows) {
    const stat = await standingAt(gitContext.place.top, row.path)
    // Staged and not changed since, or outside of a sparse checkout: the index has the content, already filtered.
    const isStaged = row.is === 'tracked' && row.worktree === '.'
    const filter = isStaged ? null : (filters.get(row.path) ?? null)
    const refused = deny(row.path.replace(/\/$/, '')) ?? refusal(row, stat, filter, MAX_ALL - total)
    const readable = isStaged || !stat?.isFile() || (await mayRead(gitContext.place.top, row.path))
    const why = refused ?? (readable ? null : 'you have no permission to read it')
    if (why !== null) keep.push({ row, why })
    else {
      total += stat?.isFile() ? stat.size : 0
      if (isStaged) staged.push(row)
      else (isGone(row, stat) ? drop : take).push(row.path)
    }
  }
  return { take, drop, staged, keep } satisfies SnapshotPlan
}

async function standingAt(top: string, name: string): Promise<Stats | null> {
  return (await parentsOf(top, name)) === 'sound' ? lstatIfPresent(pathOnDisk(top, name)) : null
}

function mayRead(top: string, name: string): Promise<boolean> {
  return fs.access(pathOnDisk(top, name), fs.constants.R_OK).then(
    () => true,
    () => false,
  )
}

/** Also true if a directory replaces a tracked file: the file is gone, and the contents of the directory have their own rows. */
function isGone(row: SnapshotRow, stat: Stats | null): boolean {
  return stat === null || (stat.isDirectory() && row.is === 'tracked' && !row.submodule)
}

/** Why a path of the work tree is not taken, or null. `room`: how many bytes are left of the total limit. */
function refusal(row: SnapshotRow, stat: Stats | null, filter: string | null, room: number): string | null {
  if (stat === null || isGone(row, stat) || (row.is === 'tracked' && row.submodule)) return null
  if (stat.isDirectory()) return 'it is a repository of its own'
  if (!stat.isFile() && !stat.isSymbolicLink()) return 'it is not a regular file'
  if (filter !== null) return `it needs the filter '${filter}', which git pp does not run`
  if (stat.size > MAX_FILE) return `it is larger than ${MAX_FILE / 1024 / 1024} MiB`
  return stat.size > room ? `all files together would be larger than ${MAX_ALL / 1024 / 1024} MiB` : null
}

/**
 * Paths that a configured filter would have to clean. Without the filter they could contain a decrypted secret or a huge
 * file, so they are left out.
 */
async function runFilters(
  gitContext: GitContext,
  git: GitProgram,
  rows: readonly SnapshotRow[],
): Promise<ReadonlyMap<string, string>> {
  const configured = new Set(filterNames(gitContext.config))
  if (configured.size === 0) return new Map()
  const named = await filtersOf(
    git,
    rows.map(({ path }) => path),
    [],
  )
  return new Map([...named].filter(([, name]) => configured.has(name)))
}

/** In the copy of the index, which holds everything that is staged. */
async function stagedByGit(git: GitProgram, { take, drop, keep }: SnapshotPlan, none: Oid): Promise<Oid> {
  const lines = [
    ...drop.map((name) => indexLine('0', none, name)),
    ...keep.flatMap(({ row }) =>
      row.is === 'tracked' ? [indexLine(row.head?.mode ?? '0', row.head?.oid ?? none, row.path)] : [],
    ),
  ]
  if (lines.length > 0) await git.bytes(['update-index', '-z', '--index-info'], { input: Buffer.concat(lines) })
  const args = ['update-index', '--add', '--remove', '--replace', '--ignore-skip-worktree-entries', '-z', '--stdin']
  if (take.length > 0) await git.bytes(args, { input: nulEnded(take) })
  return git.text(['write-tree'])
}
