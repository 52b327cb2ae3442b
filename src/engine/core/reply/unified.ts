import { headerPath } from '../patch/index.ts'
import { type DiffSection, EMPTY, gitPaths, readExtended, refuseCut, toDraft } from './diff-section.ts'
import type { FileDraft, HunkRange } from './file-draft.ts'
import { isMarker, makeHunk, readHunkHeader } from './hunk-body.ts'
import type { ReplyBlock } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'

const MAX_FILES = 2000

/** True for a block that has the headers of a unified or git diff, or is fenced as a diff and has changed lines. */
export function isUnified(block: ReplyBlock): boolean {
  const { lines } = block
  const marked = block.kind !== 'talk' && /^\W*(diff|patch|udiff)\b/i.test(block.info)
  if (marked && lines.some((line) => /^[-+]/.test(line))) return true
  return lines.some((line, at) => /^(@@(?!@)|diff --git )/.test(line) || isPair(lines, at, null))
}

/** Reads every unified or git diff in a block; `hints` are the lines before it, nearest first. */
export function readUnified(block: ReplyBlock): { draft: FileDraft; hints: readonly string[] }[] {
  const sections: DiffSection[] = []
  const talk: string[] = []
  let open: DiffSection | null = null
  const start = (section: Partial<DiffSection>): DiffSection => {
    open = { ...EMPTY, modes: [], hunks: [], talk: [...talk.slice(-3).reverse(), ...block.before], ...section }
    sections.push(open)
    if (sections.length > MAX_FILES)
      throw new ReplyRefusal('format', `The diff names more than ${MAX_FILES} files; send smaller ones.`)
    return open
  }
  const close = (): void => {
    const body = open?.body
    if (open === null || body === null || body === undefined) return
    open.hunks.push(makeHunk(body.raws, body, block.kind === 'talk'))
    open.body = null
  }
  refuseMerge(block.lines)
  const bare = !block.lines.some((line, at) => /^(@@|diff --git )/.test(line) || isPair(block.lines, at, null))
  if (bare) start({}).body = bodyOf(null, [])
  for (let at = 0; at < block.lines.length; at += 1) {
    const used = readLine(block.lines, at, { open, start, close, talk })
    at += used
  }
  close()
  refuseCut(block, sections.at(-1))
  return sections.map((section) => ({
    draft: toDraft(section),
    hints: [...section.hunks.slice(0, 1).flatMap((hunk) => hunk.scopes), ...section.talk],
  }))
}

function refuseMerge(lines: readonly string[]): void {
  if (lines.some((line) => /^(@@@+ -|diff --(cc|combined) )/.test(line)))
    throw new ReplyRefusal('format', 'The reply holds the combined diff of a merge; send a unified diff.')
}

interface UnifiedReader {
  readonly open: DiffSection | null
  readonly start: (section: Partial<DiffSection>) => DiffSection
  readonly close: () => void
  readonly talk: string[]
}

/** Reads one line; returns how many further lines it used. */
function readLine(lines: readonly string[], at: number, state: UnifiedReader): number {
  const line = lines[at] ?? ''
  const { open } = state
  if (/^diff --git /.test(line)) {
    state.close()
    const git = gitPaths(line.slice(11))
    state.start({ git, prefixed: true })
    return 0
  }
  if (/^Index: \S/.test(line) && /^={10,}/.test(lines[at + 1] ?? '')) {
    state.close()
    state.start({ index: headerPath(line.slice(7)) })
    return 1
  }
  if (isPair(lines, at, open)) {
    state.close()
    return readPair(lines, at, state)
  }
  const header = readHunkHeader(line)
  if (header !== null) return readHeader(header, state)
  if (open === null || (open.body === null && open.hunks.length > 0)) {
    if (line.trim() !== '') state.talk.push(line)
    return 0
  }
  if (open.body !== null) {
    if (isMailEnd(lines, at)) state.close()
    else takeIn(open.body, line)
    return 0
  }
  if (readExtended(open, line)) return 0
  // A body without '@@' may follow the pair of names.
  if (open.newPath !== null && /^[-+ ]/.test(line)) open.body = bodyOf(null, [], line)
  else if (line.trim() !== '') state.talk.push(line)
  return 0
}

function readHeader(header: { range: HunkRange | null; scope: string | null }, state: UnifiedReader): number {
  const scopes = header.scope === null ? [] : [header.scope]
  const body = state.open?.body
  if (body !== null && body !== undefined && body.raws.length === 0 && header.range === null) {
    body.scopes.push(...scopes)
    return 0
  }
  state.close()
  const section = state.open ?? state.start({})
  section.body = bodyOf(header.range, scopes)
  return 0
}

/** True if '---' and '+++' name a file, and are not changed lines that look the same. */
function isPair(lines: readonly string[], at: number, open: DiffSection | null): boolean {
  const line = lines[at] ?? ''
  const next = lines[at + 1] ?? ''
  const body = open?.body ?? null
  const lacks = { old: missing(body, 'old') > 0, young: missing(body, 'young') > 0 }
  if (/^--- \S/.test(line)) {
    if (/^@@/.test(next)) return body === null || (!lacks.old && /^--- (["\w./-]*[/.][\w./-]+|\S+\t.*)"?$/.test(line))
    if (!/^\+\+\+ \S/.test(next)) return false
    if (body === null || /^@@/.test(lines[at + 2] ?? '') || /^--- (a\/|\/dev\/null)/.test(line)) return true
    return !(lacks.old && lacks.young)
  }
  return (
    /^\+\+\+ \S/.test(line) &&
    /^@@/.test(next) &&
    !lacks.young &&
    (open === null || body !== null || open.newPath === null)
  )
}

/** How many lines of a side the open hunk still needs according to its header; 0 if the header does not say. */
function missing(body: DiffSection['body'], side: 'old' | 'young'): number {
  if (body === null || body.range === null) return 0
  return side === 'old' ? body.range.oldLines - body.old : body.range.newLines - body.young
}

function bodyOf(range: HunkRange | null, scopes: string[], ...lines: string[]): NonNullable<DiffSection['body']> {
  const body = { range, scopes, raws: [], old: 0, young: 0 }
  for (const line of lines) takeIn(body, line)
  return body
}

function takeIn(body: NonNullable<DiffSection['body']>, line: string): void {
  body.raws.push(line)
  if (isMarker(line)) return
  if (!line.startsWith('+')) body.old += 1
  if (!line.startsWith('-')) body.young += 1
}

function readPair(lines: readonly string[], at: number, state: UnifiedReader): number {
  const minus = /^--- /.test(lines[at] ?? '') ? headerPath((lines[at] ?? '').slice(4, 5000)) : null
  const plusLine = lines[minus === null ? at : at + 1] ?? ''
  const plus = /^\+\+\+ /.test(plusLine) ? headerPath(plusLine.slice(4, 5000)) : null
  const { open } = state
  const fresh = open !== null && open.oldPath === null && open.newPath === null && open.hunks.length === 0
  const section = fresh ? open : state.start({})
  section.oldPath = minus
  section.newPath = plus
  section.prefixed ||=
    (minus === null || minus === '/dev/null' || minus.startsWith('a/') || minus.startsWith('i/')) &&
    (plus === null || plus === '/dev/null' || plus.startsWith('b/') || plus.startsWith('w/'))
  return minus !== null && plus !== null ? 1 : 0
}

/** The signature of a mail: '-- ', git's version, and then nothing or the next mail. */
function isMailEnd(lines: readonly string[], at: number): boolean {
  if (!/^-- ?$/.test(lines[at] ?? '') || !/^\d+\.\d+(\.\S+)?\s*$/.test(lines[at + 1] ?? '')) return false
  let next = at + 2
  while (next < lines.length && lines[next]?.trim() === '') next += 1
  return next >= lines.length || /^From /.test(lines[next] ?? '')
}
