import { readHeredoc } from './heredoc.ts'
import { CLOSE, fencesHalf, OPEN } from './search-replace-marks.ts'

/** A part of a reply that is read by itself: the content of a fence, a heredoc or a tag, or the prose between them. */
export interface ReplyBlock {
  readonly lines: readonly string[]
  readonly kind: 'talk' | 'fence' | 'heredoc'
  /** The text after the opening fence, or the command before a heredoc. */
  readonly info: string
  /** Up to three lines before the block that are not blank, nearest first. */
  readonly before: readonly string[]
  /** False: the reply ends before the closing line. */
  readonly closed: boolean
  /** True: the block's last line is the reply's last line. */
  readonly last: boolean
  /** False: the reply seems to stop in the middle of its last line. */
  readonly endsWithNewline: boolean
  /** The lines of the reply that it takes, marks included; `to` is the first line after it. 0-based. */
  readonly from: number
  readonly to: number
}

/** In characters. Longer lines never open a block. */
const MAX_OPENING = 500
const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/
const TAG = /^<(patch|diff|answer|output|solution|fix|response|result|apply_patch|code|edit|changes|udiff)>\s*$/i
const FILE_TAG =
  /^<(file|write|document|code|create|create_file|write_file|write_to_file|new_file|boltAction)\s[^>]*?\b(?:path|name|file|file_?name|file_?path)=["']([^"'\s]+)["'][^>]*>(?:<!\[CDATA\[)?\s*$/i
/** The start of the info of a tag that names a file. */
export const TAGGED = 'file > '
const WRITES = /^file > |(^|\s)(cat|tee)\b.*\S/
const HEADER = /^(diff --git |\*\*\* (Begin Patch|(Update|Add|Delete) File: )|<{5,9} SEARCH|-{5,9} SEARCH)/

/** Splits a cleaned reply into blocks. `depth` limits the nesting of wrappers. */
export function blocksOf(reply: string, depth = 0): ReplyBlock[] {
  const lines = reply.split('\n')
  const endsWithNewline = lines.at(-1) === ''
  if (endsWithNewline) lines.pop()
  const blocks: ReplyBlock[] = []
  const unended = new Set<string>()
  let talkFrom = 0
  let raw = false
  let search = false
  const flush = (to: number): void => {
    const talk = lines.slice(talkFrom, to)
    if (talk.every((line) => line.trim() === '')) return
    const before = linesBefore(lines, talkFrom)
    blocks.push({
      lines: talk,
      kind: 'talk',
      info: '',
      before,
      closed: true,
      last: to >= lines.length,
      endsWithNewline,
      from: talkFrom,
      to,
    })
  }
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    raw ||= startsDiff(lines, at)
    search = OPEN.test(line) || (search && !CLOSE.test(line))
    const wrapped = opening(line, raw, depth)
    if (wrapped === null || unended.has(line) || fencesHalf(lines, at, search)) continue
    const end = closing(lines, at + 1, wrapped)
    const glued = end < lines.length ? null : unglued(lines, wrapped)
    const closed = end < lines.length || glued !== null
    if (!closed && wrapped.optional) {
      unended.add(line)
      continue
    }
    flush(at)
    raw = false
    const { kind, info } = wrapped
    const body = wrapped.passed((glued ?? lines).slice(at + 1, end))
    const last = end >= lines.length - 1
    const before = linesBefore(lines, at)
    const to = Math.min(end + 1, lines.length)
    blocks.push(...inner({ lines: body, kind, info, before, closed, last, endsWithNewline, from: at, to }, depth))
    at = end
    talkFrom = end + 1
  }
  flush(lines.length)
  return blocks
}

interface BlockWrapper {
  readonly kind: 'fence' | 'heredoc'
  readonly info: string
  /** Converts its lines to the text that is meant. */
  readonly passed: (lines: readonly string[]) => readonly string[]
  readonly isEnd: (line: string) => boolean
  /** The text that closes it on a line of its own; null if that text may mean several things. */
  readonly mark: string | null
  /** Documents in fences may hold fences. */
  readonly nests: boolean
  /** True: without its end it is no wrapper at all. */
  readonly optional: boolean
}

function opening(line: string, raw: boolean, depth: number): BlockWrapper | null {
  if (line.length > MAX_OPENING) return null
  const fence = FENCE.exec(line)
  if (fence !== null && (!raw || fence[1] === '')) {
    const [, blanks = '', ticks = '', info = ''] = fence
    const close = new RegExp(`^[ \\t]{0,${blanks.length}}\\${ticks.charAt(0)}{${ticks.length},}[ \\t]*$`)
    const nests = /^(md|markdown)\b/i.test(info)
    return {
      kind: 'fence',
      info: info.trim(),
      passed: (lines) => lines.map((one) => dedent(one, blanks.length)),
      isEnd: (l) => close.test(l),
      mark: ticks,
      nests,
      optional: false,
    }
  }
  if (raw || depth > 3) return null
  const here = readHeredoc(line)
  if (here !== null) {
    const isEnd = (l: string): boolean => l.trim() === here.word
    const { command: info, passed } = here
    return { kind: 'heredoc', info, passed, isEnd, mark: null, nests: false, optional: false }
  }
  const file = FILE_TAG.exec(line)
  const tag = file ?? TAG.exec(line)
  if (tag === null) return null
  const close = `</${(tag[1] ?? '').toLowerCase()}>`
  return {
    kind: file === null ? 'fence' : 'heredoc',
    info: file === null ? '' : `${TAGGED}${file[2] ?? ''}`,
    passed: (lines) => lines,
    isEnd: (l) =>
      l
        .trim()
        .toLowerCase()
        .replace(/^\]\]>/, '') === close,
    mark: null,
    nests: false,
    optional: true,
  }
}

/** Index of the closing line, or the number of lines. */
function closing(lines: readonly string[], from: number, wrapper: BlockWrapper): number {
  let nested = 0
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (wrapper.isEnd(line)) {
      if (nested === 0) return at
      nested -= 1
    } else if (wrapper.nests && /^`{3,}\s*\w/.test(line)) nested += 1
  }
  return lines.length
}

/** The lines without a closing mark that is glued to the end of the last line; null if there is none. */
function unglued(lines: readonly string[], { mark }: BlockWrapper): readonly string[] | null {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  const text = (lines[last] ?? '').trimEnd()
  if (mark === null || !text.endsWith(mark)) return null
  return [...lines.slice(0, last), text.slice(0, -mark.length)]
}

/** A fence or tag may contain a heredoc, and a heredoc a fence. If a diff comes first, the block stays as it is. */
function inner(block: ReplyBlock, depth: number): ReplyBlock[] {
  if (depth > 3) return [block]
  if (block.kind === 'heredoc' && WRITES.test(block.info)) return [unfenced(block)]
  const wrapper = block.lines.findIndex((line) => opening(line, false, depth) !== null)
  const diff = block.lines.findIndex((_, at) => startsDiff(block.lines, at))
  if (wrapper < 0 || (diff >= 0 && diff < wrapper)) return [block]
  const parts = blocksOf(block.lines.join('\n') + (block.closed || block.endsWithNewline ? '\n' : ''), depth + 1)
  if (!parts.some((part) => part.kind !== 'talk')) return [block]
  return parts.map((part) => ({
    ...part,
    before: part.before.length > 0 ? part.before : block.before,
    from: block.from,
    to: block.to,
    last: part.last && block.last,
    endsWithNewline: block.endsWithNewline,
  }))
}

/** Content that is written to a file keeps its fences, except a fence around everything in a tag. */
function unfenced(block: ReplyBlock): ReplyBlock {
  const first = block.lines.findIndex((line) => line.trim() !== '')
  const last = block.lines.findLastIndex((line) => line.trim() !== '')
  const fence = FENCE.exec(block.lines[first] ?? '')
  const whole =
    block.info.startsWith(TAGGED) && fence !== null && block.lines[last]?.trim() === fence[2] && last > first
  return whole ? { ...block, lines: block.lines.slice(first + 1, last) } : block
}

function startsDiff(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? ''
  return HEADER.test(line) || (/^--- \S/.test(line) && /^\+\+\+ \S/.test(lines[at + 1] ?? ''))
}

function dedent(line: string, indent: number): string {
  let from = 0
  while (from < indent && (line.charAt(from) === ' ' || line.charAt(from) === '\t')) from += 1
  return line.slice(from)
}

function linesBefore(lines: readonly string[], at: number): string[] {
  const found: string[] = []
  for (let back = at - 1; back >= 0 && back >= at - 6 && found.length < 3; back -= 1) {
    const line = (lines[back] ?? '').trim()
    if (line !== '') found.push(line)
  }
  return found
}
