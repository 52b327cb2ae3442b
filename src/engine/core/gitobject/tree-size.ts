import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { TreeObjectEntry } from './tree-object.ts'

/** The size of a tree once it is written out. */
interface TreeSize {
  /** Files and directories. */
  readonly entries: number
  /** `pathBytes`: the bytes of all paths together; `longest`: the bytes of the longest one. */
  readonly pathBytes: number
  readonly longest: number
}

/** Above these limits, lists of paths do not fit into memory, or a path is too long for the system (PATH_MAX, NAME_MAX). */
const MOST: TreeSize = { entries: 1_000_000, pathBytes: 256 * 1024 * 1024, longest: 4095 }
const LONGEST_NAME = 255
const DEEPEST = 1024

/**
 * Resolves if a tree can safely be written out; throws TREE_TOO_LARGE if not, or OBJECT_MISSING. A few hundred trees that
 * contain each other many times can amount to more files than any disk holds. So this check comes before any walk along
 * paths, and it reads each tree only once.
 */
export function treeSizeCheck(read: (tree: Oid) => Promise<readonly TreeObjectEntry[]>): (tree: Oid) => Promise<void> {
  const known = new Map<Oid, TreeSize>()
  return async (root) => {
    if (known.has(root)) return
    const trees = new Map<Oid, readonly TreeObjectEntry[]>()
    let level: readonly Oid[] = [root]
    while (level.length > 0) {
      const all = level.map(async (oid) => [oid, await read(oid)] as const)
      for (const [oid, entries] of await Promise.all(all)) trees.set(oid, entries)
      level = [...new Set(level.flatMap((oid) => subtreesOf(trees.get(oid) ?? [])))].filter(
        (oid) => !trees.has(oid) && !known.has(oid),
      )
    }
    weigh(root, trees, known, 0)
  }
}

function subtreesOf(entries: readonly TreeObjectEntry[]): readonly Oid[] {
  return entries.filter(({ mode }) => mode === '040000').map(({ oid }) => oid)
}

/** Computes the size of a tree from the sizes of its entries. */
function weigh(
  tree: Oid,
  trees: ReadonlyMap<Oid, readonly TreeObjectEntry[]>,
  known: Map<Oid, TreeSize>,
  depth: number,
): TreeSize {
  const found = known.get(tree)
  if (found) return found
  if (depth > DEEPEST) throw tooLarge(tree, `is nested deeper than ${DEEPEST} directories`)
  const sum = { entries: 0, pathBytes: 0, longest: 0 }
  for (const { name, mode, oid } of trees.get(tree) ?? []) {
    if (name.length > LONGEST_NAME) throw tooLarge(tree, `holds a name of ${name.length} bytes`)
    const below = mode === '040000' ? weigh(oid, trees, known, depth + 1) : { entries: 0, pathBytes: 0, longest: 0 }
    sum.entries += 1 + below.entries
    sum.pathBytes += name.length + below.pathBytes + below.entries * (name.length + 1)
    sum.longest = Math.max(sum.longest, name.length + (below.longest > 0 ? 1 + below.longest : 0))
  }
  if (sum.entries > MOST.entries) throw tooLarge(tree, `holds more than ${MOST.entries} files and directories`)
  if (sum.pathBytes > MOST.pathBytes) throw tooLarge(tree, 'has paths that are longer than 256 MiB in all')
  if (sum.longest > MOST.longest) throw tooLarge(tree, `holds a path of ${sum.longest} bytes`)
  known.set(tree, sum)
  return sum
}

function tooLarge(tree: Oid, what: string): PpError {
  return new PpError('TREE_TOO_LARGE', `the tree ${tree} ${what}, so it is not checked out`)
}
