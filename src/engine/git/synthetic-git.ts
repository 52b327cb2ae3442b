import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { SyntheticGit } from '../ports/workspace.ts'
import { type GitContext, plainConfig } from './git-context.ts'
import { looseObjects } from './loose-objects.ts'
import { objectsBeyond } from './near-tree.ts'
import { packOf, type RawObject } from './pack.ts'
import { type GitResult, gitMessage } from './run-git.ts'
import type { SyntheticHead } from './visible-history.ts'

/** The path at which a sandbox mounts `objects`. */
export const OBJECTS_INSIDE = '/run/pp/objects'

/** The objects of all opened trees and nothing else; all synthetic git directories of a session use it. */
export interface ObjectStore {
  readonly dir: string
  /** Makes sure that everything reachable from `commit` is in the store. */
  add(commit: Oid, tree: Oid): Promise<void>
  /** Writes objects that git pp has made. */
  write(objects: readonly RawObject[]): Promise<void>
}

/** In bytes. Larger objects are left to git, which needs less memory for them. */
const LARGE = 8 * 1024 * 1024

export function objectStore(gitContext: GitContext, dir: string): ObjectStore {
  const stored: Oid[] = []
  const packing = inSequence()
  // Our directory comes first: git creates a pack in its own object directory, and cannot move it to another file system.
  const alternate = {
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(path.join(gitContext.place.commonDir, 'objects')),
  }
  const loose = looseObjects(dir, { info: async () => null }, false)
  /** Whether the tree differs from one in the store in few and small objects, which are then written here, without git. */
  const isAdded = async (commit: Oid, tree: Oid): Promise<boolean> => {
    const [known] = stored
    if (known === undefined || gitContext.place.objectFormat !== 'sha1') return false
    const beyond = await objectsBeyond(gitContext.tree, known, tree)
    if (beyond === null) return false
    const wanted = [[commit, 'commit'] as const, ...beyond]
    const headers = await Promise.all(wanted.map(([oid]) => gitContext.cat.info(oid)))
    if (!headers.every((header) => header !== null && header.size <= LARGE)) return false
    for (const [oid, type] of wanted) await loose.write(type, await gitContext.cat.read(oid, type))
    return true
  }
  const pack = async (commit: Oid, tree: Oid) => {
    if (await isAdded(commit, tree)) return
    await fs.mkdir(path.join(dir, 'pack'), { recursive: true, mode: 0o700 })
    const input = [commit, ...stored.map((known) => `^${known}`)].map((line) => `${line}\n`).join('')
    const args = ['pack-objects', '--revs', '--quiet', '--window=0', '--threads=1', path.join(dir, 'pack', 'pack')]
    const ran = await gitContext.plain.run(args, { input, env: { GIT_OBJECT_DIRECTORY: dir, ...alternate } })
    if (ran.status !== 0) throw await fault(gitContext, tree, ran)
    stored.push(tree)
  }
  return {
    dir,
    // Each pack leaves out the objects that earlier packs contain.
    add: (commit, tree) => packing(() => pack(commit, tree)),
    write: (objects) => packing(() => written(gitContext, dir, objects)),
  }
}

async function written(gitContext: GitContext, dir: string, objects: readonly RawObject[]): Promise<void> {
  if (objects.length === 0) return
  await fs.mkdir(path.join(dir, 'pack'), { recursive: true, mode: 0o700 })
  const input = packOf(objects, gitContext.place.objectFormat)
  const ran = await gitContext.plain.run(['index-pack', '--stdin'], { input, env: { GIT_OBJECT_DIRECTORY: dir } })
  if (ran.status !== 0)
    throw new PpError('DISK_FAILED', `the history for the sandbox could not be written: ${gitMessage(ran.stderr)}`)
}

/** Why a tree could not be packed: objects are missing, or else the disk failed. */
async function fault(gitContext: GitContext, tree: Oid, ran: GitResult): Promise<PpError> {
  const whole = (await gitContext.plain.run(['rev-list', '--objects', '--quiet', tree])).status === 0
  const what = whole ? 'could not be packed' : 'is not complete in this repository'
  return new PpError(whole ? 'DISK_FAILED' : 'OBJECT_MISSING', `the tree ${tree} ${what}: ${gitMessage(ran.stderr)}`)
}

/** Runs tasks one after the other, even if one of them fails. */
export function inSequence(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const next = last.then(task)
    last = next.catch(() => {})
    return next
  }
}

/**
 * A small git directory whose history is one commit, or the history that was asked for: no branch, no remote, no hook, and no
 * configuration of the user.
 */
export async function syntheticGit(
  gitContext: GitContext,
  store: ObjectStore,
  made: {
    readonly dir: string
    readonly head: Pick<SyntheticHead, 'commit' | 'refs' | 'shallow'>
    readonly index: string
  },
): Promise<SyntheticGit> {
  const { dir, head, index } = made
  const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('')
  const subs = ['refs/heads', 'refs/tags', 'objects/info', 'objects/pack', 'info']
  for (const sub of subs) await fs.mkdir(path.join(dir, sub), { recursive: true, mode: 0o700 })
  await fs.writeFile(path.join(dir, 'HEAD'), `${head.commit}\n`)
  if (head.refs.length > 0) await fs.writeFile(path.join(dir, 'packed-refs'), lines(head.refs))
  if (head.shallow.length > 0) await fs.writeFile(path.join(dir, 'shallow'), lines(head.shallow))
  await fs.writeFile(path.join(dir, 'config'), plainConfig(gitContext.place.objectFormat, gitContext.config))
  await fs.writeFile(path.join(dir, 'objects/info/alternates'), `${OBJECTS_INSIDE}\n`)
  // The index contains the stat data of the checked-out files, so the first `git status` reads no file.
  await fs.copyFile(index, path.join(dir, 'index'))
  return { dir, objects: store.dir, objectsInside: OBJECTS_INSIDE }
}
