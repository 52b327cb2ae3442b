import type { CodeNode } from '../../model/code.ts'

/**
 * The lines on which a name, a value or another smallest piece of code starts. Comments, texts that stand alone, such as
 * docstrings, and lines of brackets and keywords alone are none.
 */
export function codeLines(root: CodeNode): ReadonlySet<number> {
  const lines = new Set<number>()
  const open: CodeNode[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isTextAlone(node)) continue
    if (node.children.length === 0 && node.parent !== null && node.is !== 'block') lines.add(node.line)
    open.push(...(node.is === 'string' ? [] : node.children))
    if (node.is === 'string') lines.add(node.line)
  }
  return lines
}

function isTextAlone({ is, children }: CodeNode): boolean {
  return is === 'statement' && children.length === 1 && children[0]?.is === 'string'
}
