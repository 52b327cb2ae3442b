import type { CodeNode } from '../../model/code.ts'
import { unwrapped } from './walk.ts'

/** The text of a string without its quotes; null: it is no string. Escapes are kept. */
export function stringValue(node: CodeNode): string | null {
  if (node.is !== 'string') return null
  return /^[A-Za-z]{0,3}#*('''|"""|['"`/])([\s\S]*)\1/.exec(node.text)?.[2] ?? node.text
}

/** A number or a string as a text: two literals are the same if their texts are; null: it is neither. */
export function literalValue(node: CodeNode): string | null {
  const inner = unwrapped(node)
  if (inner.is === 'number') return numberText(inner.text)
  return stringValue(inner)
}

function numberText(text: string): string {
  const value = Number(text.replace(/_(?=\w)/g, '').replace(/[nljfLJFu]\d*$|[ui](?:\d+|size)$/, ''))
  return Number.isNaN(value) ? text : String(value)
}

/** The words that stand for a value by themselves. */
const CONSTANT = /^(?:True|False|None|true|false|null|undefined|nil|NaN|Infinity)$/

/** True for a value that is written out: a literal, a constant word, a list of such values. */
export function isWrittenOut(node: CodeNode): boolean {
  const inner = unwrapped(node)
  if (inner.is === 'number' || CONSTANT.test(inner.text)) return true
  if (inner.is === 'string') return inner.children.every(({ children }) => children.length === 0)
  return (inner.is === 'list' || inner.is === 'entry') && inner.children.every(isWrittenOut)
}
