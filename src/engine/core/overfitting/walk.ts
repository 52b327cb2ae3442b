import type { CodeKind, CodeNode } from '../../model/code.ts'

/** A piece of code and all pieces inside of it, in the order of the text. Without recursion, because code may nest deeply. */
export function* walk(top: CodeNode, enter: (node: CodeNode) => boolean = () => true): Generator<CodeNode> {
  const waiting = [top]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!enter(node)) continue
    yield node
    for (const child of [...node.children].reverse()) waiting.push(child)
  }
}

/** Everything around a piece of code, the nearest first. */
export function* around(node: CodeNode): Generator<CodeNode> {
  for (let above = node.parent; above !== null; above = above.parent) yield above
}

/** The nearest piece of one of these kinds around a piece of code; null: there is none. */
export function nearest(node: CodeNode, kinds: readonly CodeKind[]): CodeNode | null {
  for (const above of around(node)) if (kinds.includes(above.is)) return above
  return null
}

export function childAs(node: CodeNode, ...roles: readonly string[]): CodeNode | null {
  return node.children.find(({ role }) => role !== null && roles.includes(role)) ?? null
}

/** The arguments of a call, in order. */
export function argumentsOf(call: CodeNode): readonly CodeNode[] {
  return childAs(call, 'arguments')?.children ?? []
}

/** What a call calls. */
export function calleeOf(call: CodeNode): CodeNode | null {
  return childAs(call, 'function', 'constructor', 'macro')
}

/** What an assignment writes to, and what it writes. */
export function targetOf(assign: CodeNode): CodeNode | null {
  return childAs(assign, 'left', 'name', 'pattern', 'argument') ?? assign.children[0] ?? null
}

export function writtenValue(assign: CodeNode): CodeNode | null {
  return childAs(assign, 'right', 'value')
}

/** A value without the brackets around it. */
export function unwrapped(node: CodeNode): CodeNode {
  let inner = node
  while (inner.is === 'other' && inner.children.length === 1 && inner.children[0]) inner = inner.children[0]
  return inner
}

/** True for a text that only documents: it stands where a statement could stand. */
function isDocumentation(node: CodeNode): boolean {
  const { parent } = node
  return node.is === 'string' && parent?.is === 'statement' && parent.children.length === 1
}

/** All pieces of code in order, without the texts that only document and the code that is compiled for tests only. */
export function codeOf(top: CodeNode): readonly CodeNode[] {
  const forTests = new Set<CodeNode>()
  return [
    ...walk(top, (node) => {
      if (forTests.has(node) || isDocumentation(node)) return false
      for (const one of markedForTests(node)) forTests.add(one)
      return true
    }),
  ]
}

/** The pieces that follow a mark for tests, such as `#[cfg(test)] mod tests`. */
function markedForTests({ children }: CodeNode): readonly CodeNode[] {
  const found: CodeNode[] = []
  let marked = false
  for (const child of children) {
    if (child.is === 'mark') marked ||= /\btest\b/.test(child.text)
    else {
      if (marked) found.push(child)
      marked = false
    }
  }
  return found
}
