import type { Change, TreeEntry } from '../model/change.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Evidential } from '../ports/repository.ts'
import type { Ground } from './ground.ts'
import { parseCommit } from './history.ts'
import { modeOf, pathOf } from './parse.ts'
import { type Entry, parseEntries } from './tree-entries.ts'
import { weigher } from './weight.ts'

/**
 * Objects for those who believe nobody: git itself takes a loose object for what its file is called, so every commit,
 * tree and blob is read by us and hashed again. Throws MALFORMED for one that is not what its id says, TREE_TOO_LARGE.
 */
export function rehashed({ cat, place }: Ground): Evidential {
  const idBytes = place.objectFormat === 'sha1' ? 20 : 32
  const read = async (oid: Oid, type: string): Promise<Buffer> => {
    try {
      return await cat.read(oid, type)
    } catch (cause) {
      const there = cause instanceof PpError && cause.code === 'GIT_FAILED' && (await cat.info(oid)) !== null
      if (!there) throw cause
      throw new PpError('MALFORMED', `the ${type} ${oid} is not what its id says; see git fsck`, { cause })
    }
  }
  const weigh = weigher(read, place)
  const tree = async (oid: Oid): Promise<Entry[]> => parseEntries(oid, await read(oid, 'tree'), idBytes)
  return {
    commit: async (oid) => parseCommit(oid, await read(oid, 'commit')),
    read: (oid) => read(oid, 'blob'),
    async list(root) {
      const found: TreeEntry[] = []
      await weigh(root)
      await walk(tree, root, [], (path, { mode, oid }) => found.push({ path, mode: modeOf(mode), oid }))
      return found
    },
    async changes(from, to) {
      const found: Change[] = []
      await Promise.all([weigh(from), weigh(to)])
      await compare(tree, [from, to], [], found)
      return found
    },
  }
}

type ReadTree = (oid: Oid) => Promise<Entry[]>

const SLASH = Buffer.from('/')
const below = (under: readonly Buffer[], name: Buffer) => [...under, ...(under.length > 0 ? [SLASH] : []), name]
const subtree = (entry: Entry | undefined) => (entry?.mode === '040000' ? entry.oid : null)

async function walk(tree: ReadTree, oid: Oid, under: readonly Buffer[], visit: (path: string, entry: Entry) => void) {
  for (const entry of await tree(oid)) {
    const path = below(under, entry.name)
    if (subtree(entry) !== null) await walk(tree, entry.oid, path, visit)
    else visit(pathOf(Buffer.concat(path)), entry)
  }
}

/** What differs between two trees; null = no tree there. Equal subtrees are not read. */
async function compare(
  tree: ReadTree,
  [from, to]: readonly [Oid | null, Oid | null],
  under: readonly Buffer[],
  found: Change[],
): Promise<void> {
  const [before, after] = await Promise.all([from, to].map((oid) => (oid === null ? [] : tree(oid))))
  const names = new Map<string, [Entry | undefined, Entry | undefined]>()
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

function side(entry: Entry | undefined): Change['before'] {
  return entry === undefined || subtree(entry) !== null ? null : { mode: modeOf(entry.mode), oid: entry.oid }
}
