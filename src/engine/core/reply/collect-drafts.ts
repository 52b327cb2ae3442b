import { isCodex, readCodex } from './codex.ts'
import { refuseCutCall } from './cut-call.ts'
import { asksForEdit } from './edit-keys.ts'
import type { FileDraft } from './file-draft.ts'
import { type JsonReplyContent, readJson } from './json-reply.ts'
import { jsonValues } from './json-values.ts'
import { labelledPairs } from './labelled.ts'
import { readFunction } from './named-function.ts'
import { hintedFiles, pathOfFenceInfo, pathWords } from './path-hints.ts'
import { blocksOf, type ReplyBlock } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { isSearchReplace, readSearchReplace } from './search-replace.ts'
import { isUnified, readUnified } from './unified.ts'
import { isUnendedThought, unwrapReply } from './unwrap.ts'
import { readWhole } from './whole-file.ts'
import { readXml } from './xml-reply.ts'

/** The largest number of blocks, files and hunks of a reply. */
const MAX_PARTS = 2000
/** The largest number of JSON values in a reply; more are not read, because a YAML reader is slow. */
const MAX_VALUES = 200

/** Everything an unwrapped reply asks for, in its order. Throws `ReplyRefusal` where it asks for nothing that can be read. */
export function collectDrafts(text: string, known: ReadonlySet<string>): FileDraft[] {
  if (isUnendedThought(text))
    throw new ReplyRefusal('truncated', 'The reply holds only thinking that never ends; answer with a diff.')
  const drafts = draftsIn(text, null, known, 0)
  if (drafts.length > 0) {
    refuseCutEnd(text)
    return drafts
  }
  for (const more of [draftsInTalk, draftsInTags, draftsInIndent]) {
    const inner = more(text, known)
    if (inner.length > 0) return inner
  }
  if (looksLikeJson(text)) throw cutJson(text)
  const blocks = blocksOf(text)
  refuseForeign(blocks)
  if (blocks.some((block) => block.kind === 'fence'))
    throw new ReplyRefusal(
      'no-path',
      'The reply has a code block but no diff and no path for it; send a unified diff that names its file.',
    )
  throw new ReplyRefusal('no-diff', 'The reply holds no diff; send a unified diff.')
}

/** Refuses a reply that has a change and then a call that stops in the middle. */
function refuseCutEnd(text: string): void {
  const last = blocksOf(text).at(-1)
  const cut = last?.kind === 'talk' ? jsonValues(last.lines.join('\n')).cut : null
  if (cut !== null && asksForEdit(cut)) throw cutJson(cut)
}

/** The drafts of a reply whose code blocks are all pairs of before and after; [] for any other reply. */
export function collectPairs(text: string, known: ReadonlySet<string>): FileDraft[] {
  const pairs = labelledPairs(blocksOf(text)) ?? []
  refuseOver(pairs.length)
  return hintedInTurn(pairs, [], known, null)
}

function draftsIn(text: string, path: string | null, known: ReadonlySet<string>, depth: number): FileDraft[] {
  const json = depth < 4 && looksLikeJson(text) ? readJson(text.trim()) : null
  if (json !== null) return draftsOf(json, path, known, depth)
  if (looksLikeJson(text) && !/[}\]]\s*$/.test(text) && asksForEdit(jsonValues(text).cut ?? '')) throw cutJson(text)
  const blocks = blocksOf(text)
  refuseOver(blocks.length)
  let drafts: FileDraft[] = []
  for (const block of blocks) {
    const last = drafts.findLast((draft) => draft.wish !== 'write')?.paths[0] ?? null
    drafts = drafts.concat(blockDrafts(block, { path, last, known, depth }))
    refuseOver(drafts.reduce((sum, draft) => sum + ('hunks' in draft ? draft.hunks.length : 0) + 1, 0))
  }
  return drafts
}

function draftsOf(
  finds: JsonReplyContent,
  path: string | null,
  known: ReadonlySet<string>,
  depth: number,
): FileDraft[] {
  const inner = finds.texts.flatMap((found) => draftsIn(unwrapReply(found.text), found.path ?? path, known, depth + 1))
  refuseOver(finds.drafts.length + inner.length)
  return [...finds.drafts, ...inner]
}

export function refuseOver(parts: number): void {
  if (parts > MAX_PARTS)
    throw new ReplyRefusal('format', `The reply has ${parts} parts; at most ${MAX_PARTS} are read.`)
}

/** The drafts in JSON that is surrounded by prose, or by more JSON. */
function draftsInTalk(text: string, known: ReadonlySet<string>): FileDraft[] {
  const { values, cut, rest } = jsonValues(text)
  if (cut !== null && [cut, ...values].some(asksForEdit))
    throw new ReplyRefusal('truncated', 'The JSON of the reply stops in the middle; send it whole.')
  if (values.length > MAX_VALUES) return []
  const finds = values.filter(asksForEdit).map(readJson)
  if (finds.length > 0) refuseCutCall(rest)
  return finds.flatMap((find) => (find === null ? [] : draftsOf(find, null, known, 2)))
}

function draftsInTags(text: string, known: ReadonlySet<string>): FileDraft[] {
  const finds = readXml(text)
  return finds === null ? [] : draftsOf(finds, null, known, 1)
}

/** A diff in which every line has the same indent, as in quotes, lists and YAML blocks. */
function draftsInIndent(text: string, known: ReadonlySet<string>): FileDraft[] {
  const indent = /^([ \t]+)(?:--- \S|diff --git |\*\*\* ?(?:Begin Patch|Update File|Add File)|@@ )/m.exec(text)?.[1]
  if (indent === undefined) return []
  const lines = text.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
  return draftsIn(lines.join('\n'), null, known, 1)
}

interface CollectPosition {
  /** The path that JSON names next to the text. */
  readonly path: string | null
  /** The path of the change before this one. */
  readonly last: string | null
  readonly known: ReadonlySet<string>
  readonly depth: number
}

function blockDrafts(block: ReplyBlock, { path, last, known, depth }: CollectPosition): FileDraft[] {
  const named = path === null ? [] : [path]
  if (isCodex(block.lines)) return readCodex(block)
  if (isSearchReplace(block.lines)) {
    return hintedInTurn(readSearchReplace(block), named, known, last)
  }
  if (isUnified(block)) {
    const info = pathOfFenceInfo(block.info)
    const hints = [...named, ...(info === null ? [] : [info])]
    return readUnified(block).map((read) => withHints(read.draft, [...hints, ...read.hints], known, last))
  }
  if (block.kind === 'fence' && /^\s*[{[]/.test(block.lines[0] ?? '')) {
    const inner = block.lines.join('\n')
    const drafts =
      looksLikeJson(inner) && readJson(inner) !== null
        ? draftsIn(inner, path, known, depth + 1)
        : draftsInTalk(inner, known)
    if (drafts.length > 0) return drafts
  }
  const whole = readFunction(block, known) ?? readWhole(block, known)
  if (whole === null) return []
  if (!block.closed)
    throw new ReplyRefusal('truncated', 'The code block never ends; send it whole.', whole.paths[0] ?? null)
  return [whole]
}

/** Each draft that names no file takes that of the one before it. */
function hintedInTurn(
  found: readonly { readonly draft: FileDraft; readonly hints: readonly string[] }[],
  named: readonly string[],
  known: ReadonlySet<string>,
  last: string | null,
): FileDraft[] {
  let before = last
  return found.map(({ draft, hints }) => {
    const hinted = withHints(draft, [...named, ...hints], known, before)
    before = hinted.paths[0] ?? before
    return hinted
  })
}

/** The first hunk with the prose before it, which may speak of its place. */
function withProse(draft: FileDraft, near: readonly string[]): FileDraft {
  if (draft.wish !== 'edit') return draft
  const [first, ...others] = draft.hunks
  if (first === undefined) return draft
  return { ...draft, hunks: [{ ...first, near: near.filter((line) => !first.scopes.includes(line)) }, ...others] }
}

/** A draft without a path takes the only file that the lines around it name, else that of the block before it. */
function withHints(
  found: FileDraft,
  hints: readonly string[],
  known: ReadonlySet<string>,
  last: string | null,
): FileDraft {
  const draft = withProse(found, hints)
  if (draft.paths.length > 0) return draft
  const files = hintedFiles(hints, known)
  if (files.length > 1)
    throw new ReplyRefusal(
      'ambiguous-path',
      `The change may be meant for ${files.slice(0, 3).join(' or ')}; name its file in a header.`,
    )
  if (files.length === 1) return { ...draft, paths: files, hinted: true }
  const words = hints.flatMap(pathWords)
  const fresh =
    draft.wish === 'edit' && draft.fresh ? words[0] : (words.find((word) => word.includes('/')) ?? undefined)
  if (fresh !== undefined) return { ...draft, paths: [fresh], hinted: true }
  if (last !== null) return { ...draft, paths: [last], hinted: true }
  throw new ReplyRefusal('no-path', 'The change names no file; start it with --- a/PATH and +++ b/PATH.')
}

function looksLikeJson(text: string): boolean {
  return /^\s*(\{\s*(["'}]|\/\/ )|\[\s*[{"\]])/.test(text)
}

function cutJson(text: string): ReplyRefusal {
  return /[}\]]\s*$/.test(text)
    ? new ReplyRefusal('no-diff', 'The reply is JSON without a diff or edits in it; send a unified diff.')
    : new ReplyRefusal('truncated', 'The JSON of the reply stops in the middle; send it whole.')
}

/** Refuses formats that name places only by line number, or that only a merge can produce. */
function refuseForeign(blocks: readonly ReplyBlock[]): void {
  for (const { lines } of blocks) {
    const context =
      lines.some((line) => /^\*{15}$/.test(line)) && lines.some((line) => /^\*\*\* \d+(,\d+)? \*{4}$/.test(line))
    const normal = lines.some(
      (line, at) => /^\d+(,\d+)?[acd]\d+(,\d+)?$/.test(line) && /^[<>] /.test(lines[at + 1] ?? ''),
    )
    if (context || normal)
      throw new ReplyRefusal('format', `The reply holds a ${context ? 'context' : 'normal'} diff; send a unified diff.`)
    if (lines.some((line) => /^<{7}( |$)/.test(line)) && lines.some((line) => /^>{7}( |$)/.test(line)))
      throw new ReplyRefusal(
        'conflict-markers',
        'The reply holds the marks of an unfinished merge; send the result as a diff.',
      )
  }
}
