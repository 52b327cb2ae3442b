import type { Change, TreeEntry } from '../../model/change.ts'
import { pathBytes } from '../gitobject/index.ts'

/**
 * The files of a tree, from those of another one and the changes between both. Files that are the same in both are shared, so
 * that the lists of several large trees need little more memory than one. Both arguments are in the order of path bytes.
 */
export function filesAfter(files: readonly TreeEntry[], changes: readonly Change[]): readonly TreeEntry[] {
  const kept: TreeEntry[] = []
  let at = 0
  for (const { path, before, after } of changes) {
    const place = placeOf(files, path, at)
    for (; at < place; at++) kept.push(files[at] as TreeEntry)
    if (before !== null) at++
    if (after !== null) kept.push({ path, ...after })
  }
  for (; at < files.length; at++) kept.push(files[at] as TreeEntry)
  return kept
}

/** The first place from `from` on whose path is not smaller. */
function placeOf(files: readonly TreeEntry[], path: string, from: number): number {
  const wanted = pathBytes(path)
  let [low, high] = [from, files.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Buffer.compare(pathBytes(files[middle]?.path ?? ''), wanted) < 0) low = middle + 1
    else high = middle
  }
  return low
}
