import { findNodeAtLocation, findNodeAtOffset, getNodeValue, type Node } from 'jsonc-parser'
import type {
  HookEntry,
  JsonRegistration,
  JsonValue,
  RegistrationEdit,
  RegistrationRefusal,
  RegistrationState,
} from '../../model/agent-registration.ts'
import { withAdded, withoutChild } from './json-edits.ts'
import { callOfOtherForm, contains, entriesLike, keyOf, readHooks, treeOf } from './json-hooks.ts'
import { inNewContainers, inOneLine } from './json-layout.ts'

const MARK = '\ufeff'

/** The file with our hooks. `text` null: there is no file yet. */
export function addToJson(content: JsonRegistration, text: string | null): RegistrationEdit {
  return afterMark(text, (rest) => add(content, rest))
}

/** The file without our hooks. */
export function removeFromJson(content: JsonRegistration, text: string | null): RegistrationEdit {
  return afterMark(text, (rest) => remove(content, rest))
}

function add(content: JsonRegistration, text: string | null): RegistrationEdit {
  if (text === null || text.trim() === '') return { ok: true, text: newFile(content, text) }
  let edited = text
  for (const hook of content.hooks) {
    const read = readHooks(edited, content)
    if (!read.ok) return read
    const other = callOfOtherForm(edited, read.root, content)
    if (other !== null) return other
    edited = withHook(edited, read.root, hook, content)
  }
  return { ok: true, text: edited }
}

function remove(content: JsonRegistration, text: string | null): RegistrationEdit {
  let edited = text
  for (const hook of content.hooks.toReversed()) {
    for (;;) {
      if (edited === null || edited.trim() === '') return { ok: true, text: edited }
      const read = readHooks(edited, content)
      if (!read.ok) return read
      const ours = entriesLike(read.root, hook).at(-1)
      if (ours === undefined) break
      edited = withoutHook(edited, read.root, ours, content)
    }
  }
  return { ok: true, text: edited }
}

export function stateInJson(content: JsonRegistration, whole: string | null): RegistrationState | RegistrationRefusal {
  const text = whole?.startsWith(MARK) ? whole.slice(1) : whole
  if (text === null || text.trim() === '') return 'not registered'
  const read = readHooks(text, content)
  if (!read.ok) return read
  const like = content.hooks.map((hook) => entriesLike(read.root, hook))
  if (like.every((found) => found.length === 0)) return 'not registered'
  if (like.some((found) => found.length === 0)) return 'partly registered'
  const exact = content.hooks.every((hook, at) => like[at]?.some((one) => sameJson(getNodeValue(one), hook.entry)))
  return exact ? 'registered' : 'edited'
}

/** The keys in the file that switch all hooks of the agent off, as 'a.b'; null: they are on, as far as the file tells. */
export function switchOffIn(content: JsonRegistration, whole: string | null): string | null {
  const { off } = content
  if (off === undefined || whole === null) return null
  const read = readHooks(whole.startsWith(MARK) ? whole.slice(1) : whole, content)
  const found = read.ok ? findNodeAtLocation(read.root, [...off.keys]) : undefined
  return found !== undefined && sameJson(getNodeValue(found), off.value) ? off.keys.join('.') : null
}

/** The byte order mark at the start of a file is kept, and is no part of the JSON. */
function afterMark(text: string | null, edit: (rest: string | null) => RegistrationEdit): RegistrationEdit {
  if (!text?.startsWith(MARK)) return edit(text)
  const edited = edit(text.slice(1))
  return edited.ok ? { ok: true, text: MARK + (edited.text ?? '') } : edited
}

/** A file that did not exist has our containers over several lines, and an empty one in one line. */
function newFile({ hooks, also }: JsonRegistration, text: string | null): string {
  const [first, ...others] = hooks
  if (first === undefined) return text ?? ''
  const layout = { block: text === null, indent: '', step: '  ', lineEnd: '\n' }
  let made = inNewContainers([...first.path, null], first.entry, layout)
  for (const { path, entry } of others) made = withAdded(made, treeOf(made), [...path, null], entry)
  if (also !== undefined) made = withAdded(made, treeOf(made), [also.key], also.value)
  return made + (text ?? '\n')
}

function withHook(text: string, root: Node, hook: HookEntry, { also }: JsonRegistration): string {
  const [known] = entriesLike(root, hook)
  if (known !== undefined) {
    const end = known.offset + known.length
    return sameJson(getNodeValue(known), hook.entry)
      ? text
      : text.slice(0, known.offset) + inOneLine(hook.entry) + text.slice(end)
  }
  const hadHooks = findNodeAtLocation(root, [hook.path[0]]) !== undefined
  const added = withAdded(text, root, [...hook.path, null], hook.entry)
  if (also === undefined || hadHooks || findNodeAtLocation(root, [also.key]) !== undefined) return added
  return withAdded(added, treeOf(added), [also.key], also.value)
}

function withoutHook(text: string, root: Node, entry: Node, { also }: JsonRegistration): string | null {
  const left = endOfFile(text, withoutChild(text, entry), root)
  if (left === null || left.trim() === '') return left
  const members = root.children ?? []
  const at = members.findIndex((member) => contains(member, entry))
  const next = members[at + 1]
  const isGone = findNodeAtLocation(treeOf(left), [keyOf(members[at]) ?? '']) === undefined
  // The key that came with the hooks goes with them, and first: it stands after them.
  if (also === undefined || !isGone || next === undefined || !isMember(next, also)) return left
  const before = withoutChild(text, next) ?? text
  const shorter = treeOf(before)
  // What was cut out stands after the entry, so that its place is the same.
  const same = findNodeAtOffset(shorter, entry.offset)
  return same === undefined ? left : endOfFile(before, withoutChild(before, same), shorter)
}

/** Where nothing is left of a file that was blank it is blank again, and one that we made is absent. */
function endOfFile(text: string, left: string | null, root: Node): string | null {
  if (left !== null) return left
  const [before, after] = [text.slice(0, root.offset), text.slice(root.offset + root.length)]
  if (/^\{\r?\n/.test(text) && after === '\n') return null
  return text[root.offset + 1] === ' ' ? before + after : `${before}{}${after}`
}

function isMember(member: Node, { key, value }: { readonly key: string; readonly value: JsonValue }): boolean {
  return keyOf(member) === key && sameJson(getNodeValue(member.children?.[1] ?? member), value)
}

const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
