import * as fs from 'node:fs/promises'
import type { Oid } from '../model/oid.ts'
import type { GitContext } from './git-context.ts'
import type { GitProgram } from './run-git.ts'

/** Temporary indexes that start with a tree, for editing trees outside of every work tree. */
export interface TemporaryIndexes {
  /** Calls `use` with a plain git whose own index holds `tree`; the index is removed afterwards. */
  with<T>(tree: Oid, use: (git: GitProgram) => Promise<T>): Promise<T>
}

/** How many indexes are kept. An index of 50,000 files has 5 MB, and copying it is much cheaper than a second read-tree. */
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
      // If the index was evicted in the meantime, the tree is read again.
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
