import { parseTreeObject, type ReadTreeObject } from '../core/gitobject/index.ts'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import type { CatFile } from './cat-file.ts'
import { idBytesOf } from './object-format.ts'

/** In bytes. The trees of 50,000 files have 2 MB as git stores them, and many times more once they are parsed. */
const KEPT = 8 * 1024 * 1024

/** Reads trees, with modes as git shows them. The bytes of the trees that were read last are kept. */
export function treeReader(cat: Pick<CatFile, 'read'>, place: Pick<RepositoryPaths, 'objectFormat'>): ReadTreeObject {
  const kept = new Map<Oid, Buffer>()
  let size = 0
  const keep = (tree: Oid, bytes: Buffer) => {
    if (!kept.has(tree)) size += bytes.length
    kept.delete(tree)
    kept.set(tree, bytes)
    for (const [oldest, { length }] of kept) {
      if (size <= KEPT) break
      kept.delete(oldest)
      size -= length
    }
  }
  return async (tree) => {
    const bytes = kept.get(tree) ?? (await cat.read(tree, 'tree'))
    keep(tree, bytes)
    const entries = parseTreeObject(tree, bytes, idBytesOf(place))
    if (entries.every(({ mode }) => SHOWN.has(mode))) return entries
    return entries.map(({ name, mode, oid }) => ({ name, mode: shownMode(mode), oid }))
  }
}

const SHOWN = new Set(['100644', '100755', '120000', '040000', '160000'])

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
