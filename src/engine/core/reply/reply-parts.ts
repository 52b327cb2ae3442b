import { isCodex } from './codex.ts'
import { refuseOver } from './collect-drafts.ts'
import { asksForEdit, isKey } from './edit-keys.ts'
import { readFunction } from './named-function.ts'
import { blocksOf, type ReplyBlock } from './reply-blocks.ts'
import { isSearchReplace } from './search-replace.ts'
import { CLOSE, OPEN } from './search-replace-marks.ts'
import { isUnified } from './unified.ts'
import { readWhole } from './whole-file.ts'

/** A stretch of a reply: prose, a change in any form, the call of a tool, or code that may be a part of a file. */
export interface ReplyPart {
  readonly is: 'prose' | 'change' | 'call' | 'code'
  readonly lines: readonly string[]
  /** The lines of the reply that it takes; `to` is the first line after it. 0-based. */
  readonly from: number
  readonly to: number
}

const CALL = /^\s*<(?:tool_call|tool_use|function_calls?|invoke|function=|antml:)/i
const LONE_TAG = /^\s*<[a-z_][\w-]{0,60}>\s*$/i
const DIFF_START =
  /^(?:diff --git |--- \S|\+\+\+ \S|@@|Index: \S|From [0-9a-f]{7,40} |\*\*\* ?(?:Begin Patch|(?:Update|Add|Delete) File))/
/** How many lines of a text in JSON are looked at for its keys. */
const NEAR = 20
const JSON_START = /^\s*[{[]\s*(?:["'{[]|$)/
const BEGIN_PATCH = /^\*\*\* ?Begin Patch/
const END_PATCH = /^\*\*\* ?End Patch/
/** The first character of a line that belongs to no diff. */
const PROSE_START = /^[^-+@\\ \t<>{}=|]/

/** The parts of an unwrapped reply, in its order. Prose that is split from code is a guess, good enough to look for words. */
export function replyParts(text: string, known: ReadonlySet<string>): ReplyPart[] {
  const blocks = blocksOf(text)
  refuseOver(blocks.length)
  return joinedCalls(
    blocks.flatMap((block): ReplyPart[] => {
      if (block.kind === 'talk') return talkParts(block)
      const { lines, from, to } = block
      return [{ is: kindOf(block, known), lines, from, to }]
    }),
  )
}

/** A tag of a call may hold a code block: then all up to its closing tag is one part. */
function joinedCalls(parts: readonly ReplyPart[]): ReplyPart[] {
  const joined: ReplyPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const open = last?.is === 'call' ? openTag(last.lines) : null
    const closes =
      open !== null && parts.slice(parts.indexOf(part)).some(({ lines }) => lines.join('\n').includes(`</${open}>`))
    if (last === undefined || !closes) joined.push(part)
    else joined[joined.length - 1] = { ...last, lines: [...last.lines, ...part.lines], to: part.to }
  }
  return joined
}

/** The last tag in these lines that they do not close; null if there is none. */
function openTag(lines: readonly string[]): string | null {
  const text = lines.join('\n')
  const names = [...text.matchAll(/<([a-z_][\w-]{0,60})(?:[=\s][^<>]{0,400})?>/gi)]
  const open = names.findLast(({ 1: name = '', index }) => !text.includes(`</${name}>`, index))
  return open?.[1] ?? null
}

function kindOf(block: ReplyBlock, known: ReadonlySet<string>): ReplyPart['is'] {
  const { lines } = block
  const text = lines.join('\n')
  if (block.kind === 'heredoc' || isCodex(lines) || isSearchReplace(lines) || isUnified(block)) return 'change'
  if (asksForEdit(text) || holdsPartTags(text)) return 'change'
  return (readFunction(block, known) ?? readWhole(block, known)) === null ? 'code' : 'change'
}

function holdsPartTags(text: string): boolean {
  return [...text.matchAll(/<([a-z_]{1,40})[\s=>]/gi)].some(([, name = '']) => isKey(name.toLowerCase()))
}

/** Talk may hold a change without a fence; it ends where a paragraph of prose begins. */
function talkParts({ lines, from, to }: ReplyBlock): ReplyPart[] {
  const parts: ReplyPart[] = []
  let start = 0
  let is: ReplyPart['is'] = 'prose'
  /** The line that closes the change, as far as it has one. */
  let closed = -1
  const turn = (at: number, next: ReplyPart['is']): void => {
    if (at > start) parts.push({ is, lines: lines.slice(start, at), from: from + start, to: from + at })
    start = at
    is = next
  }
  for (const [at, line] of lines.entries()) {
    if (is === 'prose') {
      const next = startOf(lines, at)
      if (next !== null) turn(at, next)
      if (next === 'change') closed = closingLine(lines, at)
    } else if (at <= closed) continue
    else if (endsBefore(lines, at)) turn(at, startOf(lines, at) ?? 'prose')
    else if (line.trim() === '' && startOf(lines, at + 1) === 'call') turn(at, 'prose')
  }
  if (start < lines.length) parts.push({ is, lines: lines.slice(start), from: from + start, to })
  return parts
}

function startOf(lines: readonly string[], at: number): 'change' | 'call' | null {
  const line = lines[at] ?? ''
  const tagged = LONE_TAG.test(line) ? lines.slice(at, at + 3) : [line]
  if (CALL.test(line) || tagged.some((one) => /^\s*</.test(one) && holdsPartTags(one))) return 'call'
  if (JSON_START.test(line) && asksForEdit(lines.slice(at, at + NEAR).join('\n'))) return 'call'
  return DIFF_START.test(line) || OPEN.test(line) ? 'change' : null
}

/** The line with the mark that closes the change which begins at a line; -1: none closes it. */
function closingLine(lines: readonly string[], from: number): number {
  const line = lines[from] ?? ''
  const close = OPEN.test(line) ? CLOSE : BEGIN_PATCH.test(line) ? END_PATCH : null
  return close === null ? -1 : lines.findIndex((one, at) => at > from && close.test(one))
}

/** True where prose begins after a blank line, or after a closing tag or bracket. */
function endsBefore(lines: readonly string[], at: number): boolean {
  const before = lines[at - 1] ?? ''
  return PROSE_START.test(lines[at] ?? '') && (before.trim() === '' || /(?:>|^[}\]]+)\s*$/.test(before))
}
