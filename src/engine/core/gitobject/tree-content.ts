import { createHash } from 'node:crypto'
import type { Oid } from '../../model/oid.ts'
import { bytesOf } from '../patch/index.ts'

/** An entry of a tree object, by a name that has one character for each byte; `mode` as six octal digits. */
export interface TreeRow {
  readonly mode: string
  readonly oid: Oid
}

/** A tree, and the contents of all tree objects that have to be stored for it. */
export interface MadeTree {
  readonly root: Oid
  readonly trees: readonly Uint8Array[]
}

/** The content of a tree object. Git sorts a directory as if its name ended in '/'. */
export function treeContent(rows: ReadonlyMap<string, TreeRow>): Uint8Array {
  const key = (name: string, { mode }: TreeRow) => (mode === '040000' ? `${name}/` : name)
  const sorted = [...rows].map(([name, row]) => ({ name, row, key: key(name, row) }))
  sorted.sort((a, b) => (a.key < b.key ? -1 : 1))
  return Buffer.concat(
    sorted.flatMap(({ name, row: { mode, oid } }) => [
      bytesOf(`${mode.replace(/^0/, '')} ${name}\0`),
      Buffer.from(oid, 'hex'),
    ]),
  )
}

export function idOfTreeContent(content: Uint8Array, format: 'sha1' | 'sha256'): Oid {
  return createHash(format).update(`tree ${content.length}\0`).update(content).digest('hex')
}

interface RowNode {
  row?: TreeRow
  readonly below: Map<string, RowNode>
}

/** The tree with these entries by their paths; an entry may be a tree itself. */
export function treeOfRows(rows: ReadonlyMap<string, TreeRow>, format: 'sha1' | 'sha256'): MadeTree {
  const top: RowNode = { below: new Map() }
  for (const [path, row] of rows) {
    let node = top
    for (const part of path.split('/')) {
      const next = node.below.get(part) ?? { below: new Map<string, RowNode>() }
      node.below.set(part, next)
      node = next
    }
    node.row = row
  }
  const trees: Uint8Array[] = []
  const idOf = ({ below }: RowNode): Oid => {
    const content = treeContent(
      new Map([...below].map(([name, node]) => [name, node.row ?? { mode: '040000', oid: idOf(node) }])),
    )
    trees.push(content)
    return idOfTreeContent(content, format)
  }
  return { root: idOf(top), trees }
}
