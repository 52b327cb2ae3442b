import { type Change, FileMode, type TreeEntry } from '../../model/change.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { pathOf } from './path-bytes.ts'
import type { TreeObjectEntry } from './tree-object.ts'

/** Reads the entries of one tree object. */
export type ReadTreeObject = (tree: Oid) => Promise<readonly TreeObjectEntry[]>

/** A tree that is deeper than `deepest` directories throws MALFORMED; `treeSizeCheck` must have accepted it before. */
interface TreeWalk {
  readonly read: ReadTreeObject
  readonly deepest: number
}

const EMPTY: readonly TreeObjectEntry[] = []

/** All files of a tree, in the order of its objects: what `git ls-tree -r` lists. */
export function filesOfTree(read: ReadTreeObject, root: Oid, deepest: number): Promise<TreeEntry[]> {
  return files({ read, deepest }, root, '', 0)
}

async function files(walk: TreeWalk, tree: Oid, under: string, depth: number): Promise<TreeEntry[]> {
  checkDepth(walk, tree, depth)
  const entries = await walk.read(tree)
  const subtrees = entries
    .filter(({ mode }) => mode === '040000')
    .map(({ name, oid }) => files(walk, oid, `${under}${textOf(name)}/`, depth + 1))
  const below = subtrees.length === 0 ? [] : await Promise.all(subtrees)
  const found: TreeEntry[] = []
  let next = 0
  for (const { name, mode, oid } of entries) {
    if (mode !== '040000') found.push({ path: under + textOf(name), mode: modeOf(mode), oid })
    else for (const file of below[next++] ?? []) found.push(file)
  }
  return found
}

/** The differences between two trees: what `git diff-tree -r --raw --no-renames` lists, in its order. Equal trees are not read. */
export async function changesOfTrees(read: ReadTreeObject, from: Oid, to: Oid, deepest: number): Promise<Change[]> {
  const found: RawChange[] = []
  await compare({ read, deepest }, [from, to], '', 0, found)
  found.sort((a, b) => (a.path < b.path ? -1 : 1))
  return found.map(({ path, before, after }) => ({ path: pathOf(Buffer.from(path, 'latin1')), before, after }))
}

/** `path` has one character for each byte. */
interface RawChange {
  readonly path: string
  readonly before: Change['before']
  readonly after: Change['after']
}

/** null: there is no tree on this side. */
async function compare(
  walk: TreeWalk,
  [from, to]: readonly [Oid | null, Oid | null],
  under: string,
  depth: number,
  found: RawChange[],
): Promise<void> {
  if (from === to) return
  checkDepth(walk, from ?? to ?? '', depth)
  const [before, after] = await Promise.all([
    from === null ? EMPTY : walk.read(from),
    to === null ? EMPTY : walk.read(to),
  ])
  const sides = new Map<string, [TreeObjectEntry | undefined, TreeObjectEntry | undefined]>()
  for (const entry of before) sides.set(entry.name.toString('latin1'), [entry, undefined])
  for (const entry of after) {
    const name = entry.name.toString('latin1')
    sides.set(name, [sides.get(name)?.[0], entry])
  }
  const below: Promise<void>[] = []
  for (const [name, [was, is]] of sides) {
    if (was?.oid === is?.oid && was?.mode === is?.mode) continue
    const path = under + name
    const subtrees = [subtreeOf(was), subtreeOf(is)] as const
    if (subtrees[0] !== null || subtrees[1] !== null) below.push(compare(walk, subtrees, `${path}/`, depth + 1, found))
    const [old, young] = [sideOf(was), sideOf(is)]
    if (old !== null || young !== null) found.push({ path, before: old, after: young })
  }
  if (below.length > 0) await Promise.all(below)
}

function checkDepth({ deepest }: TreeWalk, tree: Oid, depth: number): void {
  if (depth > deepest) throw new PpError('MALFORMED', `the tree ${tree} is nested too deep`)
}

function subtreeOf(entry: TreeObjectEntry | undefined): Oid | null {
  return entry?.mode === '040000' ? entry.oid : null
}

function sideOf(entry: TreeObjectEntry | undefined): Change['before'] {
  return entry === undefined || entry.mode === '040000' ? null : { mode: modeOf(entry.mode), oid: entry.oid }
}

/** Most names are UTF-8, and Node decodes them much faster than `pathOf` does. */
function textOf(name: Buffer): string {
  const text = name.toString('utf8')
  return text.includes('\ufffd') ? pathOf(name) : text
}

/** Throws MALFORMED for a mode that git does not write. */
function modeOf(text: string): FileMode {
  const mode = FileMode.options.find((known) => known === text)
  if (mode === undefined) throw new PpError('MALFORMED', `a tree holds the file mode ${text}, which git never writes`)
  return mode
}
