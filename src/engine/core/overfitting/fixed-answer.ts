import type { CodeNode } from '../../model/code.ts'
import { isWrittenOut } from './literals.ts'
import { around, childAs, nearest, walk } from './walk.ts'

/** Whether the branch that a comparison leads to answers with a value that is written out. */
export function answersWrittenOut(node: CodeNode): boolean {
  const branch = node.is === 'case' ? node : nearest(node, ['if', 'function'])
  if (branch === null || branch.is === 'function' || !decides(node, branch)) return false
  // The arm of a `match` is the answer itself, if it has a pattern.
  const answer = branch.is === 'case' ? (armOf(branch) ?? branch) : consequenceOf(branch)
  return answer !== null && isFixed(answer)
}

/** True if the comparison stands in the condition of the branch, and not in the code that the branch leads to. */
function decides(node: CodeNode, branch: CodeNode): boolean {
  if (node === branch) return true
  const part = [node, ...around(node)].find(({ parent }) => parent === branch)
  if (childAs(branch, 'condition')) return part?.role === 'condition'
  return part !== undefined && part === branch.children[1]
}

/** In Python, `a if b else c` begins with its consequence. */
function consequenceOf(branch: CodeNode): CodeNode | null {
  return childAs(branch, 'consequence') ?? (branch.operators.includes('else') ? (branch.children[0] ?? null) : null)
}

function armOf(branch: CodeNode): CodeNode | null {
  return childAs(branch, 'pattern') ? childAs(branch, 'value') : null
}

/** A value that is written out, a block that is only such a value, or code that returns one. */
function isFixed(answer: CodeNode): boolean {
  const [only, ...more] = answer.children
  if (answer.is !== 'case' && isWrittenOut(answer) && answer.is !== 'block') return true
  if (answer.is === 'block' && only && more.length === 0 && only.is !== 'statement' && isWrittenOut(only)) return true
  return [...walk(answer)].some(
    ({ is, children }) => is === 'return' && children.length > 0 && children.every(isWrittenOut),
  )
}
