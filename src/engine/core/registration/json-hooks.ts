import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import type { HookEntry, JsonRegistration, JsonValue, RegistrationRefusal } from '../../model/agent-registration.ts'

const LENIENT = { allowTrailingComma: true, disallowComments: false }

/** The tree of a JSON text that is known to be valid. */
export function treeOf(text: string): Node {
  const root = parseTree(text, [], LENIENT)
  if (root === undefined) throw new Error('this text has no value')
  return root
}

/** The tree of a file that may have hooks, or why it cannot get ours. Comments and trailing commas are allowed. */
export function readHooks(
  text: string,
  { hooks }: JsonRegistration,
): { readonly ok: true; readonly root: Node } | RegistrationRefusal {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, LENIENT)
  const [error] = errors
  if (error !== undefined || root === undefined)
    return refusal(
      text,
      error?.offset ?? 0,
      `this is not valid JSON (${error === undefined ? 'no value' : spaced(error)})`,
    )
  if (root.type !== 'object') return refusal(text, root.offset, 'this must be a JSON object')
  for (const { path } of hooks) {
    const [whole, event] = path
    for (const keys of [[whole], [whole, event]]) {
      const found = findNodeAtLocation(root, keys)
      if (found === undefined) continue
      const wanted = keys.length === 1 ? 'object' : 'array'
      if (found.type !== wanted) return refusal(text, found.offset, `${keys.join('.')} must be an ${wanted}`)
      if (isTwice(found)) return refusal(text, found.offset, `${keys.join('.')} is there twice`)
    }
  }
  return { ok: true, root }
}

function isTwice(value: Node): boolean {
  const member = value.parent
  const named = member?.parent?.children?.filter((one) => keyOf(one) === keyOf(member))
  return (named?.length ?? 0) > 1
}

/** Entries of a list of hooks that differ from ours at most in numbers and in the words around the call of the gate. */
export function entriesLike(root: Node, { path, entry }: HookEntry): Node[] {
  const list = findNodeAtLocation(root, [...path])
  const like = JSON.stringify(shapeOf(entry))
  return (list?.children ?? []).filter((one) => JSON.stringify(shapeOf(getNodeValue(one))) === like)
}

function shapeOf(value: JsonValue): JsonValue {
  if (typeof value === 'number') return 0
  if (typeof value === 'string') return callOf(value) ?? value
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]))
}

/** What a line asks of the gate, without its numbers; null: it does not call it. */
function callOf(line: string): string | null {
  const call = /\bgit-pp gate\b[^;&|]*/.exec(line)?.[0]
  return call === undefined ? null : call.replace(/ --deadline \d+/, '').trim()
}

/** A call of the gate that somebody wrote in another form than ours. With ours beside it, the gate would run twice. */
export function callOfOtherForm(text: string, root: Node, content: JsonRegistration): RegistrationRefusal | null {
  const ours = content.hooks.flatMap((hook) => entriesLike(root, hook))
  const hooks = new Set(content.hooks.map(({ path: [whole] }) => whole))
  const calls = [...hooks].flatMap((whole) => stringsIn(findNodeAtLocation(root, [whole])))
  const other = calls.find((call) => /\bgit[- ]pp gate\b/.test(call.value) && !ours.some((one) => contains(one, call)))
  if (other === undefined) return null
  return refusal(
    text,
    other.offset,
    'git pp gate is called here in a form that git pp init did not write; remove that entry first',
  )
}

function stringsIn(node: Node | undefined): Node[] {
  if (node === undefined) return []
  return node.type === 'string' ? [node] : (node.children ?? []).flatMap(stringsIn)
}

export function contains(outer: Node, inner: Node): boolean {
  return outer.offset <= inner.offset && inner.offset + inner.length <= outer.offset + outer.length
}

/** The key of a member of an object. */
export function keyOf(member: Node | undefined): string | null {
  const key = member?.type === 'property' ? member.children?.[0] : undefined
  return key === undefined ? null : key.value
}

function refusal(text: string, offset: number, reason: string): RegistrationRefusal {
  return { ok: false, line: text.slice(0, offset).split('\n').length, reason }
}

/** 'CommaExpected' as 'comma expected'. */
function spaced({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase()
}
