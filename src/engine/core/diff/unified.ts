import type { Block } from './block.ts'
import type { Draft, DraftHunk, Range } from './draft.ts'
import { fullAt, isMarker, makeHunk, readHunkHeader } from './hunk-body.ts'
import { Refuse } from './outcome.ts'
import { headerPath } from './path.ts'
import { unquotePath } from './quote.ts'

/** One file of a unified or git diff while it is read. */
interface Section {
  oldPath: string | null
  newPath: string | null
  index: string | null
  git: readonly string[]
  prefixed: boolean
  modes: string[]
  renameTo: string | null
  renameFrom: string | null
  created: boolean
  deleted: boolean
  binary: boolean
  hunks: DraftHunk[]
  body: OpenHunk | null
  /** Talk before a section without any header: where its path may be named. */
  talk: readonly string[]
}

interface OpenHunk {
  readonly range: Range | null
  readonly scopes: string[]
  readonly raws: string[]
}

/** True for a block that has the headers of a unified or git diff, or is fenced as a diff and has changed lines. */
export function isUnified(block: Block): boolean {
  const { lines } = block
  const marked = block.kind !== 'talk' && /^\W*(diff|patch|udiff)\b/i.test(block.info)
  if (marked && lines.some((line) => /^[-+]/.test(line))) return true
  return lines.some((line, at) => /^(@@(?!@)|diff --git )/.test(line) || isPair(lines, at, null))
}

/** Reads every unified or git diff in a block; `hints` are the lines before it, nearest first. */
export function readUnified(block: Block): { draft: Draft; hints: readonly string[] }[] {
  const sections: Section[] = []
  const talk: string[] = []
  let open: Section | null = null
  const start = (section: Partial<Section>): Section => {
    open = { ...EMPTY, modes: [], hunks: [], talk: [...talk.slice(-3).reverse(), ...block.before], ...section }
    sections.push(open)
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
  if (bare) start({}).body = { range: null, scopes: [], raws: [] }
  for (let at = 0; at < block.lines.length; at += 1) {
    const used = readLine(block.lines, at, { open, start, close, talk, fenced: block.kind !== 'talk' })
    at += used
  }
  close()
  refuseCut(block, sections.at(-1))
  return sections.map((section) => ({ draft: toDraft(section), hints: section.talk }))
}

function refuseMerge(lines: readonly string[]): void {
  if (lines.some((line) => /^(@@@+ -|diff --(cc|combined) )/.test(line)))
    throw new Refuse('format', 'The reply holds the combined diff of a merge; send a unified diff.')
}

/** Refuses a diff that the reply's end cuts off: its header promises more, or nothing says that the last change is whole. */
function refuseCut(block: Block, section: Section | undefined): void {
  if (!block.last || section === undefined) return
  const hunk = section.hunks.at(-1)
  const lines = hunk === undefined ? [] : hunk.lines.slice(0, hunk.cuts[0])
  const range = hunk?.range ?? null
  const old = lines.filter((line) => line.sign !== '+').length
  const young = lines.filter((line) => line.sign !== '-').length
  const counted = range !== null && range.newLines >= 0
  const whole = counted && hunk !== undefined && fullAt(hunk.lines, range) >= 0
  const short = counted && old <= range.oldLines && young <= range.newLines && !whole
  const changing = hunk === undefined || lines.at(-1)?.sign !== ' '
  const cut = block.closed
    ? block.kind === 'talk' && short && changing && !block.endsWithNewline
    : short || (!whole && (changing || !block.endsWithNewline))
  if (cut)
    throw new Refuse('truncated', 'The diff stops in the middle; send it whole.', section.newPath ?? section.oldPath)
}

const EMPTY: Omit<Section, 'modes' | 'hunks' | 'talk'> = {
  oldPath: null,
  newPath: null,
  index: null,
  git: [],
  prefixed: false,
  renameTo: null,
  renameFrom: null,
  created: false,
  deleted: false,
  binary: false,
  body: null,
}

interface State {
  readonly open: Section | null
  readonly start: (section: Partial<Section>) => Section
  readonly close: () => void
  readonly talk: string[]
  readonly fenced: boolean
}

/** Takes in one line; returns how many more it used up. */
function readLine(lines: readonly string[], at: number, state: State): number {
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
    else open.body.raws.push(line)
    return 0
  }
  if (readExtended(open, line)) return 0
  // A body without '@@' may follow the pair of names.
  if (open.newPath !== null && /^[-+ ]/.test(line)) open.body = { range: null, scopes: [], raws: [line] }
  else if (line.trim() !== '') state.talk.push(line)
  return 0
}

function readHeader(header: { range: Range | null; scope: string | null }, state: State): number {
  const scopes = header.scope === null ? [] : [header.scope]
  const body = state.open?.body
  if (body !== null && body !== undefined && body.raws.length === 0 && header.range === null) {
    body.scopes.push(...scopes)
    return 0
  }
  state.close()
  const section = state.open ?? state.start({})
  section.body = { range: header.range, scopes, raws: [] }
  return 0
}

/** True where '---' and '+++' name a file, and are not two changed lines that happen to look so. */
function isPair(lines: readonly string[], at: number, open: Section | null): boolean {
  const line = lines[at] ?? ''
  const next = lines[at + 1] ?? ''
  if (/^--- \S/.test(line)) {
    if (/^@@/.test(next)) return true
    if (!/^\+\+\+ \S/.test(next)) return false
    return (
      open?.body === null ||
      /^@@/.test(lines[at + 2] ?? '') ||
      /^[+-]{3} (a\/|b\/|\/dev\/null)/.test(line) ||
      !pending(open)
    )
  }
  return /^\+\+\+ \S/.test(line) && /^@@/.test(next) && (open === null || open.body !== null || open.newPath === null)
}

/** True: by its header the open hunk still lacks removed and added lines. */
function pending(open: Section | null): boolean {
  const body = open?.body
  if (body === null || body === undefined || body.range === null) return false
  const old = body.raws.filter((raw) => !raw.startsWith('+') && !isMarker(raw)).length
  const young = body.raws.filter((raw) => !raw.startsWith('-') && !isMarker(raw)).length
  return old < body.range.oldLines && young < body.range.newLines
}

function readPair(lines: readonly string[], at: number, state: State): number {
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

/** A line between 'diff --git' and the first hunk; true when it was one. */
function readExtended(open: Section, line: string): boolean {
  const mode = /^(new file mode|deleted file mode|old mode|new mode|index \S+)\s+(\d{6})\b/.exec(line)
  if (/^new file/.test(line)) open.created = true
  if (/^deleted file/.test(line)) open.deleted = true
  if (mode?.[2] !== undefined) open.modes.push(mode[2])
  const move = /^(?:rename|copy) (from|to) (.*)$/.exec(line)
  if (move?.[1] === 'from') open.renameFrom = line.startsWith('copy') ? null : headerPath(move[2] ?? '')
  if (move?.[1] === 'to') open.renameTo = headerPath(move[2] ?? '')
  if (/^copy /.test(line))
    throw new Refuse('format', 'The diff copies a file; write the copy as a new file.', open.git[1] ?? null)
  if (/^(GIT binary patch|Binary files .* differ)/.test(line)) open.binary = true
  return (
    mode !== null ||
    move !== null ||
    open.binary ||
    /^(new file|deleted file|index |similarity|dissimilarity)/.test(line)
  )
}

/** The signature of a mail: '-- ' and then git's version. */
function isMailEnd(lines: readonly string[], at: number): boolean {
  return (
    /^-- ?$/.test(lines[at] ?? '') &&
    /^\d+\.\d+(\.\S+)*\s*$/.test(lines[at + 1] ?? '') &&
    lines.slice(at + 2).every((line) => line.trim() === '' || /^From /.test(line))
  )
}

function gitPaths(text: string): string[] {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*")$/.exec(text) ?? /^("(?:[^"\\]|\\.)*") (\S+)$/.exec(text)
  if (quoted !== null) return [quoted[1] ?? '', quoted[2] ?? ''].map((name) => unquotePath(name) ?? name)
  const half = (text.length - 1) / 2
  if (Number.isInteger(half) && text.slice(2, half) === text.slice(half + 3))
    return [text.slice(0, half), text.slice(half + 1)]
  const split = /^(.*?) (b\/.*|\S+)$/.exec(text)
  return split === null ? [] : [split[1] ?? '', split[2] ?? '']
}

function toDraft(section: Section): Draft {
  const [gitOld = null, gitNew = null] = section.git
  const old = section.oldPath ?? section.renameFrom ?? gitOld
  const young = section.newPath ?? section.renameTo ?? gitNew
  const real = (path: string | null): path is string => path !== null && path !== '/dev/null'
  const paths = [...new Set([young, old, section.index].filter(real))]
  const modes = section.modes.filter((mode) => !/^100[67][0-7]{2}$/.test(mode))
  if (modes.length > 0)
    throw new Refuse(
      'unsafe-mode',
      `The diff asks for mode ${modes[0]}; only regular files (100644, 100755) can be changed.`,
      paths[0] ?? null,
    )
  if (section.binary)
    throw new Refuse('binary', 'The diff holds a binary patch; only text can be changed.', paths[0] ?? null)
  const last = section.modes.at(-1)
  const head = {
    format: 'unified',
    paths,
    hinted: false,
    prefixed: section.prefixed,
    mode: section.deleted ? null : (last ?? null),
  }
  if (section.newPath === '/dev/null' || section.deleted) return { ...head, wish: 'delete', hunks: section.hunks }
  const empty = section.hunks.every((hunk) => hunk.lines.every((line) => line.sign === '+' || line.raw === ''))
  if (section.oldPath === '/dev/null' || section.created) return creation(head, section)
  return {
    ...head,
    wish: 'edit',
    hunks: section.hunks,
    moveTo: section.renameTo,
    fresh: empty && section.hunks.length === 1 && section.hunks[0]?.range?.oldLines === 0,
  }
}

type Head = Pick<Draft, 'format' | 'paths' | 'hinted' | 'prefixed' | 'mode'>

/** A new file: every line of the body, but for the blank lines at its end that only the reply has. */
function creation(head: Head, section: Section): Draft {
  const lines = section.hunks.flatMap((hunk) => hunk.lines.slice(0, hunk.cuts.at(-1)))
  const stranger = lines.find((line) => line.sign === '-' || (line.sign === ' ' && line.text.trim() !== ''))
  if (stranger !== undefined)
    throw new Refuse(
      'format',
      `The diff makes a new file, but its line ${JSON.stringify(stranger.raw)} is not an added one.`,
      head.paths[0] ?? null,
    )
  return { ...head, wish: 'create', lines: lines.map((line) => line.text), finalNewline: lines.at(-1)?.marked !== true }
}
