import * as path from 'node:path'
import { formatBytes, KEY_OF_BOUND } from '../core/bounds/index.ts'
import type { TreeEntry } from '../model/change.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Objects } from '../ports/repository.ts'
import { attributesOf, type TreeAttributes } from './attributes.ts'
import { writeCommit } from './commit-objects.ts'
import type { GitContext } from './git-context.ts'
import { NOBODY } from './identity.ts'
import { filesNear, type TreeFiles } from './near-tree.ts'
import { sizeOfTree } from './parse-output.ts'
import { gitMessage } from './run-git.ts'
import type { ObjectStore } from './synthetic-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'
import { layoutOf, type TreeLayout } from './tree-layout.ts'
import type { SyntheticHead, VisibleHistory } from './visible-history.ts'

/** Fixed, so that a tree always gives the same commit; late enough for tools that accept no date before 1980. */
const COMMIT_DATE = new Date('2000-01-01T00:00:00Z')

/** The files of a tree and what attributes do to them; computed once for all its workspaces. */
export interface TreeContent {
  readonly tree: Oid
  readonly entries: readonly TreeEntry[]
  /** The size of all files. */
  readonly bytes: number
  readonly layout: TreeLayout
  readonly attributes: TreeAttributes
}

/** A tree for which commands find objects and a history. */
export interface PreparedTree extends TreeContent {
  readonly commit: Oid
  /** What HEAD is for commands in the workspace. */
  readonly head: Pick<SyntheticHead, 'commit' | 'refs' | 'shallow'>
}

/**
 * `most`: the largest size in bytes; null = no limit. `known`: another tree of the session, which saves git a list of all files.
 * `list`: the list that the session reads, too, so that a large one is in memory once. Throws TREE_TOO_LARGE.
 */
export async function readTreeContent(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  tree: Oid,
  { most, known, list }: TreeContentSource,
): Promise<TreeContent> {
  await gitContext.weigh(tree)
  const { entries, bytes } =
    (known && (await filesNear(gitContext, tree, known))) ?? (await listed(gitContext, list, tree))
  if (most !== null && bytes > most)
    throw new PpError('TREE_TOO_LARGE', `the tree ${tree} has ${formatBytes(bytes)}, so it is not checked out`, {
      mend: `raise ${KEY_OF_BOUND.disk}, which is ${formatBytes(most)}`,
    })
  const attributes = await attributesOf(gitContext, temp, tree, entries)
  return { tree, entries, bytes, layout: layoutOf(entries), attributes }
}

interface TreeContentSource {
  readonly most: number | null
  readonly known: TreeContent | null
  readonly list: Objects['list']
}

async function listed({ plain }: GitContext, list: Objects['list'], tree: Oid): Promise<TreeFiles> {
  const bytes = sizeOfTree(await plain.bytes(['ls-tree', '-r', '-l', '-z', '--full-tree', tree]))
  return { entries: await list(tree), bytes }
}

/** What all trees of a session share. */
export interface PreparedHistory {
  readonly store: ObjectStore
  readonly past: VisibleHistory | null
  /** Resolves when the objects of `past` are in the store. */
  readonly ancestors: Promise<void>
}

export async function prepareTree(
  gitContext: GitContext,
  { store, past, ancestors }: PreparedHistory,
  content: TreeContent,
): Promise<PreparedTree> {
  const { tree } = content
  const message = 'The tree under test\n'
  const commit = await writeCommit(gitContext, { tree, parents: [], message, by: NOBODY, at: COMMIT_DATE })
  await store.add(commit, tree)
  await ancestors
  const head = past?.head(tree) ?? { commit, objects: [], refs: [], shallow: [] }
  await store.write(head.objects)
  return { ...content, commit, head }
}

/** Writes all files of a tree to `dir`, and their stat data to an index. */
export async function checkOutTree(
  gitContext: GitContext,
  about: Pick<TreeContent, 'tree'>,
  dir: string,
  index: string,
): Promise<void> {
  const env = { GIT_WORK_TREE: dir, GIT_INDEX_FILE: index }
  const ran = await gitContext.plain.run(['read-tree', '--reset', '-u', about.tree], { env })
  if (ran.status === 0) return
  const hint = `perhaps the disk of ${path.dirname(dir)} is full`
  throw new PpError(
    'DISK_FAILED',
    `the tree ${about.tree} could not be checked out: ${gitMessage(ran.stderr)}; ${hint}`,
  )
}
