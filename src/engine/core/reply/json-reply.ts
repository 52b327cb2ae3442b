import { parse as parseYaml } from 'yaml'
import type { FileDraft } from './file-draft.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { replacement } from './search-replace.ts'

/** The content of a JSON reply: texts that are read like any reply, with the path named next to them, and complete drafts. */
export interface JsonReplyContent {
  readonly texts: { readonly text: string; readonly path: string | null }[]
  readonly drafts: FileDraft[]
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
  'original_code',
  'originalCode',
  'old_lines',
  'oldLines',
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
  'modified',
  'fixed',
  'fixed_code',
  'fixedCode',
  'updated_code',
  'updatedCode',
  'new_lines',
  'newLines',
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
/** Texts that may be diffs. */
const DIFFS = ['diff', 'patch', 'udiff', 'input']
const KEYS = new Set([PATH, OLD, YOUNG, CONTENT, VERB, DIFFS].flat().map((key) => key.toLowerCase()))

const SHORT = new Set([...PATH, ...VERB].map((key) => key.toLowerCase()))

/** True for a name (in lower case) of a path or a verb; their values are a word or two. */
export function isShortKey(name: string): boolean {
  return SHORT.has(name)
}

/** True for a name (in lower case) that has a meaning in an edit. */
export function isKey(name: string): boolean {
  return KEYS.has(name) || RANGE.test(name) || name === 'encoding'
}

/** Next to a new content, these keys say that it replaces only these lines. */
const RANGE =
  /^(start|end|first|last|from|to|insert|after|before|begin)?_?(line|lines|line_?no|line_?number|range|offset|position)s?$/i
const MAX_DEPTH = 12
const DIFF = /^(@@|--- \S|diff --git |\*\*\* ?(Begin Patch|Update File)|\s*<{3,12} ?SEARCH)/m

/** Null = the text is not JSON. */
export function readJson(text: string): JsonReplyContent | null {
  const value = parse(text)
  return value === null || typeof value !== 'object' ? null : readObjects(value)
}

/** The content of parsed objects, in whatever notation they were written. */
export function readObjects(value: object): JsonReplyContent {
  const finds: JsonReplyContent = { texts: [], drafts: [] }
  walk(value, null, finds, 0)
  return finds
}

/** In characters. Longer texts that are not quite JSON are not read, because a YAML reader is slow. */
const MAX_LENIENT = 10_000

function parse(text: string): unknown {
  // Models often leave line ends in strings unescaped.
  const escaped = () =>
    text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (s) => s.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
  return attempt(() => JSON.parse(text)) ?? attempt(() => JSON.parse(escaped())) ?? perLine(text) ?? lenient(escaped())
}

function attempt(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return null
  }
}

/** One JSON object on each line, as in event streams. */
function perLine(text: string): unknown {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line))
    ? attempt(() => lines.map((line) => JSON.parse(line)))
    : null
}

/** JSON with extra commas, with comments, or with Python's quotes: flow mappings of YAML allow these. */
function lenient(text: string): unknown {
  if (text.length > MAX_LENIENT) return null
  const plain = text.replace(/^\s*\/\/.*$/gm, '')
  return attempt(() => parseYaml(plain, { maxAliasCount: 0, prettyErrors: false, logLevel: 'silent', schema: 'json' }))
}

function walk(value: unknown, path: string | null, finds: JsonReplyContent, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (typeof value === 'string') {
    const text = DIFF.test(value) ? value : unescapedDiff(value)
    const inner = text === null && /^\s*[{[]/.test(value) ? attempt(() => JSON.parse(value)) : null
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
    finds.drafts.push(withSwap(replacement(linesOf(old), linesOf(young), 'json', [path]), old, young))
    return
  }
  const content = textOf(object, CONTENT)
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
function withSwap(draft: FileDraft, old: string, young: string): FileDraft {
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
  const lines = text.replace(/\r\n/g, '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
