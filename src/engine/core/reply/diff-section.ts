import { headerPath, unquotePath } from '../patch/index.ts'
import type { DraftHunk, FileDraft, HunkRange } from './file-draft.ts'
import { lengthByHeader } from './hunk-body.ts'
import type { ReplyBlock } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'

/** One file of a unified or git diff while it is read. */
export interface DiffSection {
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
  /** The prose before a section without a header; it may name the path. */
  talk: readonly string[]
}

export interface OpenHunk {
  readonly range: HunkRange | null
  readonly scopes: string[]
  readonly raws: string[]
  /** How many lines of either side it has so far. */
  old: number
  young: number
}

export const EMPTY: Omit<DiffSection, 'modes' | 'hunks' | 'talk'> = {
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

/** Reads a line between 'diff --git' and the first hunk; returns whether it was such a line. */
export function readExtended(open: DiffSection, line: string): boolean {
  const mode = /^(new file mode|deleted file mode|old mode|new mode|index \S+)\s+(\d{6})\b/.exec(line)
  if (/^new file/.test(line)) open.created = true
  if (/^deleted file/.test(line)) open.deleted = true
  if (mode?.[2] !== undefined) open.modes.push(mode[2])
  const move = /^(?:rename|copy) (from|to) (.*)$/.exec(line)
  if (move?.[1] === 'from') open.renameFrom = line.startsWith('copy') ? null : headerPath(move[2] ?? '')
  if (move?.[1] === 'to') open.renameTo = headerPath(move[2] ?? '')
  if (/^copy /.test(line))
    throw new ReplyRefusal('format', 'The diff copies a file; write the copy as a new file.', open.git[1] ?? null)
  if (/^(GIT binary patch|Binary files .* differ)/.test(line)) open.binary = true
  return (
    mode !== null ||
    move !== null ||
    open.binary ||
    /^(new file|deleted file|index |similarity|dissimilarity)/.test(line)
  )
}

/** The two paths after 'diff --git '. */
export function gitPaths(text: string): string[] {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*")$/.exec(text) ?? /^("(?:[^"\\]|\\.)*") (\S+)$/.exec(text)
  if (quoted !== null) return [quoted[1] ?? '', quoted[2] ?? ''].map((name) => unquotePath(name) ?? name)
  const half = (text.length - 1) / 2
  if (Number.isInteger(half) && text.slice(2, half) === text.slice(half + 3))
    return [text.slice(0, half), text.slice(half + 1)]
  const split = /^(.*?) (b\/.*|\S+)$/.exec(text)
  return split === null ? [] : [split[1] ?? '', split[2] ?? '']
}

/**
 * Refuses a diff that is cut off by the end of the reply: its header promises more lines, or nothing shows that the last
 * change is complete.
 */
export function refuseCut(block: ReplyBlock, section: DiffSection | undefined): void {
  if (!block.last || section === undefined) return
  const hunk = section.hunks.at(-1)
  const lines = hunk === undefined ? [] : hunk.lines.slice(0, hunk.cuts[0])
  const range = hunk?.range ?? null
  const old = lines.filter((line) => line.sign !== '+').length
  const young = lines.filter((line) => line.sign !== '-').length
  const counted = range !== null && range.newLines >= 0
  const whole = counted && hunk !== undefined && lengthByHeader(hunk.lines, range) >= 0
  const short = counted && old <= range.oldLines && young <= range.newLines && !whole
  const changing = hunk === undefined || lines.at(-1)?.sign !== ' '
  const cut = block.closed
    ? block.kind === 'talk' && short && changing && !block.endsWithNewline
    : short || (!whole && (changing || !block.endsWithNewline))
  if (cut)
    throw new ReplyRefusal(
      'truncated',
      'The diff stops in the middle; send it whole.',
      section.newPath ?? section.oldPath,
    )
}

/** Placeholders for the two sides of a file that is named elsewhere. */
const STAND_IN = /^(?:[ab]\/)?(?:old|new|original|modified|updated|fixed|before|after|current)$/i

/** The draft of a section that was read completely. */
export function toDraft(section: DiffSection): FileDraft {
  const [gitOld = null, gitNew = null] = section.git
  const old = section.oldPath ?? section.renameFrom ?? gitOld
  const young = section.newPath ?? section.renameTo ?? gitNew
  const standIns = old !== young && STAND_IN.test(old ?? '') && STAND_IN.test(young ?? '')
  const real = (path: string | null): path is string => path !== null && path !== '/dev/null' && !standIns
  const named = section.renameTo === null ? [young, old, section.index] : [section.renameFrom ?? old]
  const paths = [...new Set(named.filter(real))]
  const modes = section.modes.filter((mode) => !/^100[67][0-7]{2}$/.test(mode))
  if (modes.length > 0)
    throw new ReplyRefusal(
      'unsafe-mode',
      `The diff asks for mode ${modes[0]}; only regular files (100644, 100755) can be changed.`,
      paths[0] ?? null,
    )
  if (section.binary)
    throw new ReplyRefusal('binary', 'The diff holds a binary patch; only text can be changed.', paths[0] ?? null)
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

type DraftHeader = Pick<FileDraft, 'format' | 'paths' | 'hinted' | 'prefixed' | 'mode'>

/** A new file: every line of the body, without blank lines at its end that belong only to the reply. */
function creation(head: DraftHeader, section: DiffSection): FileDraft {
  const lines = section.hunks.flatMap((hunk) => hunk.lines.slice(0, hunk.cuts.at(-1)))
  if (lines.length > 0 && lines.every((line) => line.sign === ' '))
    return { ...head, wish: 'create', lines: lines.map((line) => line.raw), finalNewline: true }
  const stranger = lines.find((line) => line.sign === '-' || (line.sign === ' ' && line.text.trim() !== ''))
  if (stranger !== undefined)
    throw new ReplyRefusal(
      'format',
      `The diff makes a new file, but its line ${JSON.stringify(stranger.raw)} is not an added one.`,
      head.paths[0] ?? null,
    )
  return { ...head, wish: 'create', lines: lines.map((line) => line.text), finalNewline: lines.at(-1)?.marked !== true }
}
