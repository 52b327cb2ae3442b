import type { Change, TreeEntry } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import { parseCommit } from './raw-commit.ts'
import { parseTreeObject, type TreeObjectEntry } from './tree-object.ts'
import { treeSizeCheck } from './tree-size.ts'
import { changesOfTrees, filesOfTree } from './tree-walk.ts'

const MAX_DEPTH = 256

/**
 * Commits, trees and blobs for verifiers that trust nobody. `read` returns the bytes of an object and has hashed them again;
 * everything else is derived from these bytes alone. Throws TREE_TOO_LARGE. `idBytes`: 20 for sha1, 32 for sha256.
 */
export function verifiedObjects(read: (oid: Oid, type: string, most?: number) => Promise<Uint8Array>, idBytes: number) {
  const tree = async (oid: Oid): Promise<TreeObjectEntry[]> => parseTreeObject(oid, await read(oid, 'tree'), idBytes)
  const weigh = treeSizeCheck(tree)
  return {
    tree,
    commit: async (oid: Oid) => parseCommit(oid, await read(oid, 'commit')),
    read: (oid: Oid, most?: number) => read(oid, 'blob', most),
    list: remembered(async (root: Oid): Promise<readonly TreeEntry[]> => {
      await weigh(root)
      return filesOfTree(tree, root, MAX_DEPTH)
    }),
    changes: remembered(async (from: Oid, to: Oid): Promise<readonly Change[]> => {
      await Promise.all([weigh(from), weigh(to)])
      return changesOfTrees(tree, from, to, MAX_DEPTH)
    }),
  }
}

/** Many bundles may be about the same change, and its trees never change: each is hashed once. */
const REMEMBERED = 4

function remembered<T>(read: (...oids: Oid[]) => Promise<T>): (...oids: Oid[]) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (...oids) => {
    const key = oids.join(' ')
    const found = known.get(key) ?? read(...oids)
    known.delete(key)
    known.set(key, found)
    const [oldest] = known.keys()
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
    found.catch(() => known.delete(key))
    return found
  }
}
