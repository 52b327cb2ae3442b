import { createHash } from 'node:crypto'
import type { TreeEdits, TreeEntry } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import { pathBytes } from './path-bytes.ts'

type ObjectFormat = 'sha1' | 'sha256'
type TreeNode = { readonly mode: string; readonly oid: Oid } | Map<string, TreeNode>

/** The id that git gives to a tree of these files; nothing is written. Directories without files are not part of it. */
export function treeId(entries: readonly TreeEntry[], format: ObjectFormat): Oid {
  const root = new Map<string, TreeNode>()
  for (const { path, mode, oid } of entries) {
    const parts = path.split('/')
    const name = parts.pop() ?? ''
    let node = root
    for (const part of parts) {
      const found = node.get(part)
      const next = found instanceof Map ? found : new Map<string, TreeNode>()
      if (next !== found) node.set(part, next)
      node = next
    }
    node.set(name, { mode, oid })
  }
  return idOf(root, format)
}

/** The id of the tree after these edits. */
export function editedTreeId(entries: readonly TreeEntry[], edits: TreeEdits, format: ObjectFormat): Oid {
  const files = new Map(entries.map((entry) => [entry.path, entry]))
  for (const [path, edit] of edits) {
    if (edit === null) files.delete(path)
    else files.set(path, { path, mode: edit.mode, oid: 'oid' in edit ? edit.oid : blobId(edit.bytes, format) })
  }
  return treeId([...files.values()], format)
}

/** Git sorts a directory as if its name ended in '/'. */
function idOf(tree: ReadonlyMap<string, TreeNode>, format: ObjectFormat): Oid {
  const rows = [...tree].map(([name, node]) => {
    const directory = node instanceof Map
    const bytes = pathBytes(name)
    const head = Buffer.from(directory ? '40000 ' : `${node.mode} `)
    const oid = directory ? idOf(node, format) : node.oid
    const row = Buffer.concat([head, bytes, Buffer.from([0]), Buffer.from(oid, 'hex')])
    return { key: Buffer.concat([bytes, Buffer.from(directory ? '/' : '')]), row }
  })
  rows.sort((a, b) => Buffer.compare(a.key, b.key))
  return objectId('tree', Buffer.concat(rows.map(({ row }) => row)), format)
}

/** The id that git gives to a file of these bytes. */
export function blobId(bytes: Uint8Array, format: ObjectFormat): Oid {
  return objectId('blob', bytes, format)
}

function objectId(type: 'blob' | 'tree', bytes: Uint8Array, format: ObjectFormat): Oid {
  return createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}

/** The object format, known by the length of an id. */
export function formatOf(oid: Oid): ObjectFormat {
  return oid.length === 40 ? 'sha1' : 'sha256'
}
