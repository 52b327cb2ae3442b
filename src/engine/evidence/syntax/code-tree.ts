import type { Node, TreeCursor } from 'web-tree-sitter'
import type { CodeKind, CodeNode } from '../../model/code.ts'

/** A text whose tree has more nodes, or is deeper, is data rather than code, and is not looked at. */
const MOST_NODES = 150_000
const DEEPEST = 500

interface Growing extends CodeNode {
  readonly operators: string[]
  readonly children: Growing[]
}

/** The tree of a parsed text in words that all languages share; null if it has too many nodes or is too deep. */
export function codeTree(root: Node, shapes: Readonly<Record<string, CodeKind>>, text: string): CodeNode | null {
  const cursor = root.walk()
  try {
    return grow(cursor, shapes, text)
  } finally {
    cursor.delete()
  }
}

/** Without recursion, because a text may be nested as deeply as it is long. */
function grow(cursor: TreeCursor, shapes: Readonly<Record<string, CodeKind>>, text: string): CodeNode | null {
  const top = nodeAt(cursor, shapes, text, null)
  let above = top
  let count = 0
  if (!cursor.gotoFirstChild()) return top
  for (;;) {
    count += 1
    if (count > MOST_NODES || cursor.currentDepth > DEEPEST) return null
    const entered = take(cursor, shapes, text, above)
    if (entered !== null && cursor.gotoFirstChild()) {
      above = entered
      continue
    }
    while (!cursor.gotoNextSibling()) {
      if (above.parent === null || !cursor.gotoParent()) return top
      above = above.parent as Growing
    }
  }
}

/** Adds the node at the cursor to the one above; null if nothing inside of it is of interest. */
function take(
  cursor: TreeCursor,
  shapes: Readonly<Record<string, CodeKind>>,
  text: string,
  above: Growing,
): Growing | null {
  if (!cursor.nodeIsNamed) {
    above.operators.push(cursor.nodeType)
    return null
  }
  const node = nodeAt(cursor, shapes, text, above)
  if (node.is === 'comment') return null
  above.children.push(node)
  return node
}

function nodeAt(
  cursor: TreeCursor,
  shapes: Readonly<Record<string, CodeKind>>,
  text: string,
  parent: Growing | null,
): Growing {
  return {
    is: shapes[cursor.nodeType] ?? 'other',
    role: cursor.currentFieldName,
    line: cursor.startPosition.row + 1,
    end: cursor.endPosition.row + 1,
    text: text.slice(cursor.startIndex, cursor.endIndex),
    operators: [],
    children: [],
    parent,
  }
}
