import { findNodeAtLocation, type Node } from 'jsonc-parser'
import type { JsonValue } from '../../model/agent-registration.ts'
import { commaIn, contentEndBefore, endsOf } from './json-containers.ts'
import { indentAt, inNewContainers, isFirstInLine, type Layout, lineEndOf, stepOf } from './json-layout.ts'

/**
 * The text with a value under these keys: the value of a member, or with null as the last key an element of a list. What is
 * missing on the way is made. Nothing that stands there is taken away, and comments stay where they are.
 */
export function withAdded(text: string, root: Node, keys: readonly (string | null)[], value: JsonValue): string {
  const depth = existingDepth(root, keys)
  const container = depth === 0 ? root : findNodeAtLocation(root, keys.slice(0, depth) as string[])
  if (container === undefined) throw new Error('the container was found before')
  const [key, ...inner] = keys.slice(depth)
  const layout = layoutIn(text, container)
  const added = inNewContainers(inner, value, layout)
  return withLast(text, container, key == null ? added : `${JSON.stringify(key)}: ${added}`, layout)
}

/** How many of the keys lead to something that is there. */
function existingDepth(root: Node, keys: readonly (string | null)[]): number {
  for (let depth = keys.length - 1; depth > 0; depth--) {
    const path = keys.slice(0, depth)
    if (!path.includes(null) && findNodeAtLocation(root, path as string[]) !== undefined) return depth
  }
  return 0
}

/** A new part goes on lines of its own where the closing bracket stands on one, too. */
function layoutIn(text: string, container: Node): Layout {
  const lineEnd = lineEndOf(text)
  const { contentEnd, close } = endsOf(text, container)
  const children = container.children ?? []
  const outer = indentAt(text, container.offset)
  const last = children.findLast(({ offset }) => isFirstInLine(text, offset))
  const indent = last === undefined ? outer + stepOf(text) : indentAt(text, last.offset)
  const step = indent.startsWith(outer) && indent.length > outer.length ? indent.slice(outer.length) : stepOf(text)
  const block = children.length === 0 ? text.includes('\n') : text.slice(contentEnd, close).includes('\n')
  return { block, indent, step, lineEnd }
}

/** An empty container gets its first child without white space: see `inNewContainers`. */
function withLast(text: string, container: Node, added: string, { block, indent, lineEnd }: Layout): string {
  const { inner, contentEnd, lastComma } = endsOf(text, container)
  const last = container.children?.at(-1)
  if (last === undefined) return inserted(text, inner, added)
  const separated = `${block ? lineEnd + indent : ' '}${added}`
  if (lastComma !== null) return inserted(text, contentEnd, `${separated},`)
  const end = last.offset + last.length
  return `${text.slice(0, end)},${text.slice(end, contentEnd)}${separated}${text.slice(contentEnd)}`
}

/**
 * The text without a child of a container, and without the containers around it that were made for it alone; null when that
 * is everything in the text but white space.
 */
export function withoutChild(text: string, child: Node): string | null {
  let target = child
  for (;;) {
    const container = target.parent
    if (container === undefined) return null
    if (container.children?.length !== 1 || !isNew(text, container)) return cutOut(text, container, target)
    target = container.parent?.type === 'property' ? container.parent : container
  }
}

/** Whether a container was made by `inNewContainers`. */
export function isNew(text: string, { offset }: Node): boolean {
  return /\s/.test(text[offset + 1] ?? '')
}

function cutOut(text: string, container: Node, child: Node): string {
  const children = container.children ?? []
  const at = children.indexOf(child)
  const { inner, lastComma } = endsOf(text, container)
  const end = child.offset + child.length
  const before = children[at - 1]
  const from = contentEndBefore(text, before === undefined ? inner : before.offset + before.length, child.offset)
  const next = children[at + 1]
  if (next !== undefined) return cut(text, from, (commaIn(text, end, next.offset) ?? end - 1) + 1)
  if (lastComma !== null) return cut(text, from, lastComma + 1)
  if (before === undefined) return cut(text, from, end)
  const comma = commaIn(text, before.offset + before.length, child.offset)
  const shorter = cut(text, from, end)
  return comma === null ? shorter : cut(shorter, comma, comma + 1)
}

const inserted = (text: string, at: number, added: string) => text.slice(0, at) + added + text.slice(at)
const cut = (text: string, from: number, to: number) => text.slice(0, from) + text.slice(to)
