/** A stretch of a reply that is read by itself: what stands in a fence, a heredoc or a tag, or the talk between them. */
export interface Block {
  readonly lines: readonly string[]
  readonly kind: 'talk' | 'fence' | 'heredoc'
  /** What follows the opening fence, or the command before a heredoc. */
  readonly info: string
  /** Up to three lines before the block that are not blank, nearest first. */
  readonly before: readonly string[]
  /** False: the reply ends before the closing line. */
  readonly closed: boolean
  /** True: the block's last line is the reply's last line. */
  readonly last: boolean
  /** False: the reply stops within that last line, as far as one can see. */
  readonly endsWithNewline: boolean
}

/** Longer lines open nothing. */
const MAX_OPENING = 500
const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/
const HEREDOC = /^(?:[ \t]*[$%>] )?(.*?)<<-?[ \t]*(["'\\]?)([A-Za-z_]\w*)["']?(.*)$/
const HEREDOC_COMMAND = /\b(apply_patch|applypatch|git apply|git am|patch|cat|tee|ed)\b/
const TAG = /^<(patch|diff|answer|output|solution|fix|response|result|apply_patch|code|edit|changes|udiff)>\s*$/i
const FILE_TAG = /^<(file|write|document|code)\s[^>]*?\b(?:path|name|file|filename)=["']([^"'\s]+)["'][^>]*>\s*$/i
const HEADER = /^(diff --git |\*\*\* (Begin Patch|(Update|Add|Delete) File: )|<{5,9} SEARCH|-{5,9} SEARCH)/

/** Takes a cleaned reply apart. `depth` ends the unwrapping of wrappers in wrappers. */
export function blocksOf(reply: string, depth = 0): Block[] {
  const lines = reply.split('\n')
  const endsWithNewline = lines.at(-1) === ''
  if (endsWithNewline) lines.pop()
  const blocks: Block[] = []
  const unended = new Set<string>()
  let talkFrom = 0
  let raw = false
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
    })
  }
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    raw ||= startsDiff(lines, at)
    const wrapped = opening(line, raw, depth)
    if (wrapped === null || unended.has(line)) continue
    const end = closing(lines, at + 1, wrapped)
    const closed = end < lines.length
    if (!closed && wrapped.optional) {
      unended.add(line)
      continue
    }
    flush(at)
    raw = false
    const { kind, info } = wrapped
    const body = lines.slice(at + 1, end).map((text) => dedent(text, wrapped.indent))
    const last = end >= lines.length - 1
    blocks.push(
      ...inner({ lines: body, kind, info, before: linesBefore(lines, at), closed, last, endsWithNewline }, depth),
    )
    at = end
    talkFrom = end + 1
  }
  flush(lines.length)
  return blocks
}

interface Wrapper {
  readonly kind: 'fence' | 'heredoc'
  readonly info: string
  readonly indent: number
  readonly isEnd: (line: string) => boolean
  /** Documents in fences may hold fences. */
  readonly nests: boolean
  /** True: without its end it is no wrapper at all. */
  readonly optional: boolean
}

function opening(line: string, raw: boolean, depth: number): Wrapper | null {
  if (line.length > MAX_OPENING) return null
  const fence = FENCE.exec(line)
  if (fence !== null && (!raw || fence[1] === '')) {
    const [, blanks = '', ticks = '', info = ''] = fence
    const close = new RegExp(`^[ \\t]{0,${blanks.length}}\\${ticks.charAt(0)}{${ticks.length},}[ \\t]*$`)
    const nests = /^(md|markdown)\b/i.test(info)
    return {
      kind: 'fence',
      info: info.trim(),
      indent: blanks.length,
      isEnd: (l) => close.test(l),
      nests,
      optional: false,
    }
  }
  if (raw || depth > 3) return null
  const here = HEREDOC.exec(line)
  if (here !== null && HEREDOC_COMMAND.test(here[1] ?? '')) {
    const info = `${here[1] ?? ''} ${here[4] ?? ''}`.trim()
    const word = here[3] ?? ''
    return { kind: 'heredoc', info, indent: 0, isEnd: (l) => l.trim() === word, nests: false, optional: false }
  }
  const file = FILE_TAG.exec(line)
  const tag = file ?? TAG.exec(line)
  if (tag === null) return null
  const close = `</${(tag[1] ?? '').toLowerCase()}>`
  return {
    kind: file === null ? 'fence' : 'heredoc',
    info: file === null ? '' : `cat > ${file[2] ?? ''}`,
    indent: 0,
    isEnd: (l) => l.trim().toLowerCase() === close,
    nests: false,
    optional: true,
  }
}

/** Index of the closing line, or the number of lines. */
function closing(lines: readonly string[], from: number, wrapper: Wrapper): number {
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

/** A fence or tag may hold a heredoc, a heredoc a fence; where a diff comes first it is left as it is. */
function inner(block: Block, depth: number): Block[] {
  if (depth > 3) return [block]
  const wrapper = block.lines.findIndex((line) => opening(line, false, depth) !== null)
  const diff = block.lines.findIndex((_, at) => startsDiff(block.lines, at))
  if (wrapper < 0 || (diff >= 0 && diff < wrapper)) return [block]
  const parts = blocksOf(block.lines.join('\n') + (block.closed || block.endsWithNewline ? '\n' : ''), depth + 1)
  if (!parts.some((part) => part.kind !== 'talk')) return [block]
  return parts.map((part) => ({
    ...part,
    before: part.before.length > 0 ? part.before : block.before,
    last: part.last && block.last,
    endsWithNewline: block.endsWithNewline,
  }))
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
