import type { TreeLayout } from './tree-layout.ts'

/** What makes one tree of another one: paths to write, and paths to remove. Directories are not named. */
export interface TreeDifference {
  readonly changed: readonly string[]
  readonly gone: readonly string[]
}

export function treeDifference(from: TreeLayout, to: TreeLayout): TreeDifference {
  const changed: string[] = []
  const gone: string[] = []
  for (const [path, { oid, mode }] of to.files) {
    const before = from.files.get(path)
    if (before?.oid !== oid || before.mode !== mode) changed.push(path)
  }
  for (const path of from.files.keys()) if (!to.files.has(path)) gone.push(path)
  return { changed, gone }
}
