import type { Draft } from './draft.ts'
import { replacement } from './search-replace.ts'

/** What a JSON reply holds: texts to be read like any reply, with the path named beside them, and finished wishes. */
export interface JsonFinds {
  readonly texts: { readonly text: string; readonly path: string | null }[]
  readonly drafts: Draft[]
}

const PATH = [
  'path',
  'file',
  'file_path',
  'filePath',
  'filepath',
  'filename',
  'fileName',
  'file_name',
  'target_file',
  'target',
  'name',
]
const OLD = [
  'search',
  'old_string',
  'oldString',
  'old_str',
  'oldStr',
  'old_text',
  'oldText',
  'old',
  'find',
  'before',
  'original',
  'old_code',
  'oldCode',
]
const YOUNG = [
  'replace',
  'new_string',
  'newString',
  'new_str',
  'newStr',
  'new_text',
  'newText',
  'new',
  'replacement',
  'after',
  'updated',
  'new_code',
  'newCode',
]
const CONTENT = [
  'content',
  'contents',
  'new_content',
  'newContent',
  'file_content',
  'text',
  'file_text',
  'source',
  'body',
]
const VERB = ['action', 'operation', 'op', 'type', 'command', 'kind']
const MAX_DEPTH = 12
const DIFF = /^(@@|--- \S|diff --git |\*\*\* (Begin Patch|Update File)|\s*<{5,9} ?SEARCH)/m

/** null = the text is no JSON. */
export function readJson(text: string): JsonFinds | null {
  const value = parse(text)
  if (value === null || typeof value !== 'object') return null
  const finds: JsonFinds = { texts: [], drafts: [] }
  walk(value, null, finds, 0)
  return finds
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Models leave line ends in strings as they are.
  }
  try {
    return JSON.parse(text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (s) => s.replaceAll('\n', '\\n').replaceAll('\t', '\\t')))
  } catch {
    return null
  }
}

function walk(value: unknown, path: string | null, finds: JsonFinds, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (typeof value === 'string') {
    if (DIFF.test(value)) finds.texts.push({ text: value, path })
  } else if (Array.isArray(value)) for (const item of value) walk(item, path, finds, depth + 1)
  else if (typeof value === 'object' && value !== null) walkObject(value as Record<string, unknown>, path, finds, depth)
}

function walkObject(object: Record<string, unknown>, outer: string | null, finds: JsonFinds, depth: number): void {
  const own = stringOf(object, PATH)
  const path = own ?? outer
  const old = textOf(object, OLD)
  const young = textOf(object, YOUNG)
  if (path !== null && old !== null && young !== null && !DIFF.test(young)) {
    finds.drafts.push(withSwap(replacement(linesOf(old), linesOf(young), 'json', [path]), old, young))
    return
  }
  const content = textOf(object, CONTENT)
  const head = { format: 'json', paths: path === null ? [] : [path], hinted: false, prefixed: false, mode: null }
  if (path !== null && content !== null && !DIFF.test(content)) {
    finds.drafts.push({ ...head, wish: 'write', lines: linesOf(content), explicit: true })
    return
  }
  if (own !== null && /^(delete|remove)(_file)?$/i.test(stringOf(object, VERB) ?? '')) {
    finds.drafts.push({ ...head, wish: 'delete', hunks: [] })
    return
  }
  for (const [key, item] of Object.entries(object)) {
    if (typeof item === 'string' && !DIFF.test(item) && isPathKey(key) && depth <= 2)
      finds.drafts.push({ ...head, paths: [key], wish: 'write', lines: linesOf(item), explicit: true })
    else walk(item, isPathKey(key) ? key : path, finds, depth + 1)
  }
}

/** Edit tools replace text, not lines: should the lines not be found, the text may be. */
function withSwap(draft: Draft, old: string, young: string): Draft {
  if (draft.wish !== 'edit') return draft
  const swap = { old: old.replaceAll('\r\n', '\n'), young: young.replaceAll('\r\n', '\n') }
  return { ...draft, hunks: draft.hunks.map((hunk) => ({ ...hunk, swap })) }
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

/** A text, or a list of lines. */
function textOf(object: Record<string, unknown>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = object[key]
    if (typeof value === 'string') return value
    if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value.join('\n')
  }
  return null
}

function linesOf(text: string): string[] {
  const lines = text.replace(/\r\n/g, '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
