import { changesOfTrees, pathBytes, type ReadTreeObject } from '../core/gitobject/index.ts'
import type { Change, TreeEntry } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { CatFile } from './cat-file.ts'
import type { GitContext } from './git-context.ts'

/** The trees of a session differ in few files. If they differ in more than this, git lists and packs them as a whole. */
const NEAR = 200
/** Deeper trees were refused before. */
const DEEPEST = 4096

/** The files of a tree, and their size together in bytes; a file counts once for each path. */
export interface TreeFiles {
  readonly entries: readonly TreeEntry[]
  readonly bytes: number
}

/** What `git ls-tree -r` lists, made from the list of a tree that differs in few files; null: it differs in more. */
export async function filesNear(
  { cat, tree: read }: Pick<GitContext, 'cat' | 'tree'>,
  tree: Oid,
  known: TreeFiles & { readonly tree: Oid },
): Promise<TreeFiles | null> {
  const changes = await changesOfTrees(read, known.tree, tree, DEEPEST)
  if (changes.length > NEAR) return null
  let { bytes } = known
  for (const { before, after } of changes) {
    const sizes = await Promise.all([sizeOf(cat, before), sizeOf(cat, after)])
    if (sizes.includes(null)) return null
    bytes += (sizes[1] ?? 0) - (sizes[0] ?? 0)
  }
  return { entries: withChanges(known.entries, changes), bytes }
}

/** A submodule has no size; null: the object is not here. */
async function sizeOf(cat: Pick<CatFile, 'info'>, side: Change['before']): Promise<number | null> {
  if (side === null || side.mode === '160000') return 0
  return (await cat.info(side.oid))?.size ?? null
}

function withChanges(entries: readonly TreeEntry[], changes: readonly Change[]): readonly TreeEntry[] {
  const changed = new Map(changes.map((one) => [one.path, one]))
  const found = entries.flatMap((entry): TreeEntry[] => {
    const change = changed.get(entry.path)
    if (change === undefined) return [entry]
    return change.after === null ? [] : [{ path: entry.path, ...change.after }]
  })
  for (const { path, before, after } of changes)
    if (before === null && after !== null) found.splice(placeFor(found, path), 0, { path, ...after })
  return found
}

/** Where a path stands among others in git's order, which is that of their bytes. */
function placeFor(entries: readonly TreeEntry[], path: string): number {
  const bytes = pathBytes(path)
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (Buffer.compare(pathBytes(entries[middle]?.path ?? ''), bytes) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The trees and blobs of a tree that another one does not have in the same place, so that all of it is there if the other one
 * is; null: they are more than `NEAR`.
 */
export async function objectsBeyond(
  read: ReadTreeObject,
  known: Oid,
  tree: Oid,
): Promise<ReadonlyMap<Oid, 'tree' | 'blob'> | null> {
  const found = new Map<Oid, 'tree' | 'blob'>()
  const walk = async (from: Oid | null, to: Oid): Promise<void> => {
    if (from === to || found.size > NEAR) return
    found.set(to, 'tree')
    const [before, after] = await Promise.all([from === null ? [] : read(from), read(to)])
    const old = new Map(before.map((entry) => [entry.name.toString('latin1'), entry]))
    for (const { name, mode, oid } of after) {
      const was = old.get(name.toString('latin1'))
      if (mode === '160000' || was?.oid === oid) continue
      if (mode === '040000') await walk(was?.mode === '040000' ? was.oid : null, oid)
      else found.set(oid, 'blob')
    }
  }
  await walk(known, tree)
  return found.size > NEAR ? null : found
}
