import { type Change, FileMode, type TreeEntry } from '../../model/change.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { pathOf } from './path-bytes.ts'
import { parseCommit } from './raw-commit.ts'
import { parseTreeObject, type TreeObjectEntry } from './tree-object.ts'
import { treeSizeCheck } from './tree-size.ts'

const MAX_DEPTH = 256
const MAX_ENTRIES = 2_000_000

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
      const found: TreeEntry[] = []
      await weigh(root)
      await walk(tree, root, [], (path, { mode, oid }) => found.push({ path, mode: modeOf(mode), oid }))
      return found
    }),
    changes: remembered(async (from: Oid, to: Oid): Promise<readonly Change[]> => {
      const found: Change[] = []
      await Promise.all([weigh(from), weigh(to)])
      await compare(tree, [from, to], [], found)
      return found
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

type ReadTreeObject = (oid: Oid) => Promise<TreeObjectEntry[]>

const SLASH = Buffer.from('/')
const below = (under: readonly Buffer[], name: Buffer) => [...under, ...(under.length > 0 ? [SLASH] : []), name]
const subtree = (entry: TreeObjectEntry | undefined) => (entry?.mode === '040000' ? entry.oid : null)

async function walk(
  tree: ReadTreeObject,
  oid: Oid,
  under: readonly Buffer[],
  visit: (path: string, entry: TreeObjectEntry) => number,
) {
  tooDeep(oid, under)
  for (const entry of await tree(oid)) {
    const path = below(under, entry.name)
    if (subtree(entry) !== null) await walk(tree, entry.oid, path, visit)
    else if (visit(pathOf(Buffer.concat(path)), entry) > MAX_ENTRIES)
      throw new PpError('MALFORMED', `the tree ${oid} has more than ${MAX_ENTRIES} files`)
  }
}

function tooDeep(oid: Oid, under: readonly Buffer[]): void {
  if (under.length > 2 * MAX_DEPTH) throw new PpError('MALFORMED', `the tree ${oid} is nested too deep`)
}

/** The differences between two trees; null = there is no tree on this side. Equal subtrees are not read. */
async function compare(
  tree: ReadTreeObject,
  [from, to]: readonly [Oid | null, Oid | null],
  under: readonly Buffer[],
  found: Change[],
): Promise<void> {
  tooDeep(from ?? to ?? '', under)
  const [before, after] = await Promise.all([from, to].map((oid) => (oid === null ? [] : tree(oid))))
  const names = new Map<string, [TreeObjectEntry | undefined, TreeObjectEntry | undefined]>()
  for (const entry of before ?? []) names.set(entry.name.toString('latin1'), [entry, undefined])
  for (const entry of after ?? []) {
    const name = entry.name.toString('latin1')
    names.set(name, [names.get(name)?.[0], entry])
  }
  for (const [name, [was, is]] of names) {
    if (was?.oid === is?.oid && was?.mode === is?.mode) continue
    const path = below(under, Buffer.from(name, 'latin1'))
    const subtrees = [subtree(was), subtree(is)] as const
    if (subtrees[0] !== null || subtrees[1] !== null) await compare(tree, subtrees, path, found)
    const [old, young] = [side(was), side(is)]
    if (old !== null || young !== null) found.push({ path: pathOf(Buffer.concat(path)), before: old, after: young })
  }
}

function side(entry: TreeObjectEntry | undefined): Change['before'] {
  return entry === undefined || subtree(entry) !== null ? null : { mode: modeOf(entry.mode), oid: entry.oid }
}

/** Throws MALFORMED for a mode that git does not write. */
function modeOf(text: string): FileMode {
  const mode = FileMode.options.find((known) => known === text)
  if (mode === undefined) throw new PpError('MALFORMED', `a tree holds the file mode ${text}, which git never writes`)
  return mode
}
