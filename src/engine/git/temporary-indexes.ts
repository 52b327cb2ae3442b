import * as fs from 'node:fs/promises'
import type { Oid } from '../model/oid.ts'
import type { GitContext } from './git-context.ts'
import type { GitProgram } from './run-git.ts'

/** Temp indexes that start as a tree: what trees are edited in, away from every work tree. */
export interface TemporaryIndexes {
  /** `use` gets plain git with an index of its own that holds `tree`; gone afterwards. */
  with<T>(tree: Oid, use: (git: GitProgram) => Promise<T>): Promise<T>
}

/** An index of 50,000 files is 5 MB and its copy far cheaper than a second read-tree. */
const KEPT = 8

export function temporaryIndexes(gitContext: GitContext): TemporaryIndexes {
  const kept = new Map<Oid, Promise<string>>()
  const readTree = async (tree: Oid): Promise<string> => {
    await gitContext.weigh(tree)
    const file = gitContext.temp('index')
    await gitContext.plain.bytes(['read-tree', tree], { env: { GIT_INDEX_FILE: file } })
    return file
  }
  const keptIndex = (tree: Oid): Promise<string> => {
    const index = kept.get(tree) ?? readTree(tree)
    kept.delete(tree)
    kept.set(tree, index)
    index.catch(() => kept.delete(tree))
    return index
  }
  const evict = async () => {
    const [oldest] = kept
    if (oldest === undefined || kept.size <= KEPT) return
    kept.delete(oldest[0])
    await oldest[1].then((file) => fs.rm(file, { force: true })).catch(() => {})
  }
  return {
    async with(tree, use) {
      const file = gitContext.temp('index')
      // Evicted between the two: read it again.
      await fs.copyFile(await keptIndex(tree), file).catch(async () => fs.rename(await readTree(tree), file))
      await evict()
      try {
        return await use(gitContext.plain.with({ env: { GIT_INDEX_FILE: file } }))
      } finally {
        await fs.rm(file, { force: true })
      }
    },
  }
}
