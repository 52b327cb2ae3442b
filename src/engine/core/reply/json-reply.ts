import { CONTENT, EVERY, OLD, PATH, RANGE, SCOPE, START_LINE, TIMES, VERB, YOUNG } from './edit-keys.ts'
import type { FileDraft, TextSwap } from './file-draft.ts'
import { plainIndents } from './loose-keys.ts'
import { attemptJson, parseJson } from './parse-json.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { replacement } from './search-replace.ts'

/** The content of a JSON reply: texts that are read like any reply, with the path named next to them, and complete drafts. */
export interface JsonReplyContent {
  readonly texts: { readonly text: string; readonly path: string | null }[]
  readonly drafts: FileDraft[]
}

const MAX_DEPTH = 12
const DIFF = /^(@@|--- \S|diff --git |\*\*\* ?(Begin Patch|Update File)|[^\S\n]*<{3,12} ?SEARCH)/m

/** Null = the text is not JSON. */
export function readJson(text: string): JsonReplyContent | null {
  const value = parseJson(text)
  return value === null || typeof value !== 'object' ? null : readObjects(value)
}

/** The content of parsed objects, in whatever notation they were written. */
export function readObjects(value: object): JsonReplyContent {
  const finds: JsonReplyContent = { texts: [], drafts: [] }
  walk(value, null, finds, 0)
  return finds
}

function walk(value: unknown, path: string | null, finds: JsonReplyContent, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (typeof value === 'string') {
    const text = DIFF.test(value) ? value : unescapedDiff(value)
    const inner = text === null && /^\s*[{[]/.test(value) ? attemptJson(() => JSON.parse(value)) : null
    if (text !== null) finds.texts.push({ text, path })
    else if (inner !== null && typeof inner === 'object') walk(inner, path, finds, depth + 1)
  } else if (isDiffInLines(value)) walk(`${value.join('\n')}\n`, path, finds, depth + 1)
  else if (Array.isArray(value)) for (const item of value) walk(item, path, finds, depth + 1)
  else if (typeof value === 'object' && value !== null) walkObject(value as Record<string, unknown>, path, finds, depth)
}

/** A diff as a list of its lines. */
function isDiffInLines(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((line) => typeof line === 'string' && !/\n./.test(line)) &&
    DIFF.test(value.join('\n'))
  )
}

/** A diff that was escaped twice, so that its line ends are still escapes; null for any other text. */
export function unescapedDiff(text: string): string | null {
  if (/\n[^\n]/.test(text) || !/\\n/.test(text)) return null
  const ends: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\', '/': '/' }
  const plain = text.replace(/\\([ntr"'\\/])/g, (whole, one: string) => ends[one] ?? whole)
  return DIFF.test(plain) ? plain : null
}

function walkObject(
  object: Record<string, unknown>,
  outer: string | null,
  finds: JsonReplyContent,
  depth: number,
): void {
  const own = stringOf(object, PATH)
  const path = own ?? outer
  const old = textOf(object, OLD)
  const young = textOf(object, YOUNG)
  if (path !== null && old !== null && young !== null && !DIFF.test(young)) {
    finds.drafts.push(swapDraft(object, path, old, young))
    return
  }
  const content = textOf(object, CONTENT)
  if (own !== null && old !== null && young === null && content === null && !holdsDiff(object))
    throw new ReplyRefusal('format', `The edit of ${own} has an old text but no new one; send both.`, own)
  if (path !== null && content !== null && !DIFF.test(content)) refusePiece(object, path)
  const head = { format: 'json', paths: path === null ? [] : [path], hinted: false, prefixed: false, mode: null }
  if (path !== null && content !== null && !DIFF.test(content)) {
    finds.drafts.push({ ...head, wish: 'write', lines: linesOf(content), says: 'file' })
    return
  }
  if (own !== null && /^(delete|remove)(_file)?$/i.test(stringOf(object, VERB) ?? '')) {
    finds.drafts.push({ ...head, wish: 'delete', hunks: [] })
    return
  }
  for (const [key, item] of Object.entries(object)) {
    if (typeof item === 'string' && !DIFF.test(item) && isPathKey(key) && depth <= 2)
      finds.drafts.push({ ...head, paths: [key], wish: 'write', lines: linesOf(item), says: 'file' })
    else walk(item, isPathKey(key) ? key : path, finds, depth + 1)
  }
}

function holdsDiff(object: Record<string, unknown>): boolean {
  return Object.values(object).some((value) => DIFF.test(Array.isArray(value) ? value.join('\n') : String(value)))
}

/** Refuses edits that only name line numbers, and encoded contents. */
function refusePiece(object: Record<string, unknown>, path: string): void {
  const range = Object.keys(object).find((key) => RANGE.test(key) && object[key] !== null)
  if (range !== undefined)
    throw new ReplyRefusal(
      'format',
      `Only "${range}" says where the edit of ${path} belongs; send a unified diff.`,
      path,
    )
  if (/^base64$/i.test(stringOf(object, ['encoding']) ?? ''))
    throw new ReplyRefusal('format', `The content of ${path} is base64; send it as text.`, path)
}

/** Edit tools replace text, not lines: if the lines are not found, the text may be. */
function swapDraft(object: Record<string, unknown>, path: string, old: string, young: string): FileDraft {
  const [before, after] = [plainIndents(old), plainIndents(young)]
  const draft = replacement(linesOf(before), linesOf(after), 'json', [path], numberOf(object, START_LINE))
  if (draft.wish !== 'edit') return draft
  const every = EVERY.some((key) => /^true$/i.test(String(object[key])))
  const times = every ? 'all' : numberOf(object, TIMES)
  const swap: TextSwap = { old: before.replaceAll('\r\n', '\n'), young: after.replaceAll('\r\n', '\n'), times }
  const scope = stringOf(object, SCOPE)?.replace(/\(\)$/, '').split('.') ?? []
  return { ...draft, hunks: draft.hunks.map((hunk) => ({ ...hunk, swap, scopes: scope })) }
}

function numberOf(object: Record<string, unknown>, keys: readonly string[]): number | null {
  const value = keys.map((key) => object[key]).find((one) => one !== undefined && /^\d{1,9}$/.test(String(one)))
  return value === undefined ? null : Number(value)
}

function isPathKey(key: string): boolean {
  return /^[^\s]+\.\w+$/.test(key) || /^\S+\/\S+$/.test(key)
}

function stringOf(object: Record<string, unknown>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = object[key]
    if (typeof value === 'string' && value !== '' && !value.includes('\n')) return value
  }
  return null
}

/** A text, given as a string or as a list of lines. */
function textOf(object: Record<string, unknown>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = object[key]
    if (typeof value === 'string') return value
    if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value.join('\n')
  }
  return null
}

function linesOf(text: string): string[] {
  const lines = plainIndents(text.replace(/\r\n/g, '\n')).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
