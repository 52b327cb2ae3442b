import type { FileMode } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import { byteString } from '../patch/index.ts'
import { pathBytes } from './path-bytes.ts'
import { idOfTreeContent, type MadeTree, type TreeRow, treeContent } from './tree-content.ts'
import { formatOf } from './tree-id.ts'
import type { ReadTreeObject } from './tree-walk.ts'

/** Path → its new entry; null removes the file at this path. */
export type EntryEdits = ReadonlyMap<string, { readonly mode: FileMode; readonly oid: Oid } | null>

interface EditNode {
  entry?: { readonly mode: FileMode; readonly oid: Oid } | null
  readonly below: Map<string, EditNode>
}

/** The trees that are written; `empty`: the id of the tree without entries. */
interface EditedTrees {
  readonly read: ReadTreeObject
  readonly trees: Uint8Array[]
  readonly empty: Oid
  readonly hash: (content: Uint8Array) => Oid
}

/**
 * What `git update-index --index-info` and `git write-tree` make of a tree: a file may take the place of a directory and the
 * reverse, and a directory goes with its last file. Only trees on the way to an edited path are read.
 */
export async function editedTree(read: ReadTreeObject, root: Oid, edits: EntryEdits): Promise<MadeTree> {
  const top: EditNode = { below: new Map() }
  for (const [path, entry] of edits) nodeAt(top, byteString(pathBytes(path)).split('/')).entry = entry
  const format = formatOf(root)
  const hash = (content: Uint8Array) => idOfTreeContent(content, format)
  const made: EditedTrees = { read, trees: [], empty: hash(new Uint8Array()), hash }
  const oid = await edited(made, root, top)
  if (oid === null) made.trees.push(new Uint8Array())
  return { root: oid ?? made.empty, trees: made.trees }
}

function nodeAt(top: EditNode, parts: readonly string[]): EditNode {
  let node = top
  for (const part of parts) {
    const next = node.below.get(part) ?? { below: new Map<string, EditNode>() }
    node.below.set(part, next)
    node = next
  }
  return node
}

/** The id of a tree after the edits below a node; null if it has no entry left. */
async function edited(made: EditedTrees, tree: Oid | null, { below }: EditNode): Promise<Oid | null> {
  const rows = new Map<string, TreeRow>()
  for (const { name, mode, oid } of tree === null ? [] : await made.read(tree))
    if (mode !== '040000' || oid !== made.empty) rows.set(name.toString('latin1'), { mode, oid })
  for (const [name, node] of below) {
    const row = await editedRow(made, rows.get(name) ?? null, node)
    if (row === null) rows.delete(name)
    else rows.set(name, row)
  }
  if (rows.size === 0) return null
  const content = treeContent(rows)
  const oid = made.hash(content)
  if (oid !== tree) made.trees.push(content)
  return oid
}

async function editedRow(made: EditedTrees, old: TreeRow | null, node: EditNode): Promise<TreeRow | null> {
  const directory = old?.mode === '040000' ? old.oid : null
  if (node.below.size > 0) {
    const kept = node.entry ? null : directory
    const oid = await edited(made, kept, node)
    if (oid !== null) return { mode: '040000', oid }
    if (node.entry) return node.entry
    // Removing `a/b` does nothing to a file `a`.
    return directory === null && node.entry !== null ? old : null
  }
  if (node.entry) return node.entry
  return directory === null ? null : old
}
