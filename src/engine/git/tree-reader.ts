import { parseTreeObject, type ReadTreeObject, type TreeObjectEntry } from '../core/gitobject/index.ts'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import type { CatFile } from './cat-file.ts'
import { idBytesOf } from './object-format.ts'

/** So many entries of trees are kept in memory: with them, the trees of 50,000 files are read once. */
const KEPT_ENTRIES = 80_000

/** Reads trees, with modes as git shows them. The trees that were read last are kept. */
export function treeReader(cat: Pick<CatFile, 'read'>, place: Pick<RepositoryPaths, 'objectFormat'>): ReadTreeObject {
  const kept = new Map<Oid, Promise<readonly TreeObjectEntry[]>>()
  let count = 0
  const read = async (tree: Oid): Promise<readonly TreeObjectEntry[]> => {
    const parsed = parseTreeObject(tree, await cat.read(tree, 'tree'), idBytesOf(place))
    const entries = parsed.map(({ name, mode, oid }) => ({ name, mode: shownMode(mode), oid }))
    count += entries.length
    for (const [oldest, there] of kept) {
      if (count <= KEPT_ENTRIES || oldest === tree) break
      kept.delete(oldest)
      count -= (await there).length
    }
    return entries
  }
  return (tree) => {
    const entries = kept.get(tree) ?? read(tree)
    kept.delete(tree)
    kept.set(tree, entries)
    entries.catch(() => kept.delete(tree))
    return entries
  }
}

/** Git knows only a few modes, and shows every other one as one of them (git, tree-walk.h, canon_mode). */
function shownMode(mode: string): string {
  const bits = Number.parseInt(mode, 8)
  switch (bits & 0o170000) {
    case 0o100000:
      return bits & 0o100 ? '100755' : '100644'
    case 0o120000:
      return '120000'
    case 0o040000:
      return '040000'
    default:
      return '160000'
  }
}
