import { headerPath } from '../patch/index.ts'
import type { DraftHunk, FileDraft } from './file-draft.ts'
import { makeHunk, readHunkHeader } from './hunk-body.ts'
import type { ReplyBlock } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'

const FILE = /^\*\*\* ?(Update|Add|Delete) File: *(.+?)\s*$/
const MOVE = /^\*\*\* ?Move to: *(.+?)\s*$/
const END = /^\*\*\* ?End Patch\s*$/
const END_OF_FILE = /^\*\*\* ?End of File\s*$/

export function isCodex(lines: readonly string[]): boolean {
  return lines.some((line) => FILE.test(line))
}

interface CodexSection {
  readonly verb: string
  readonly path: string
  moveTo: string | null
  readonly body: string[]
}

/** Reads '*** Begin Patch' envelopes (the grammar of codex's apply_patch); begin and end lines may be missing. */
export function readCodex(block: ReplyBlock): FileDraft[] {
  const sections: CodexSection[] = []
  let open: CodexSection | null = null
  let ended = false
  for (const line of block.lines) {
    const file = FILE.exec(line)
    const move = MOVE.exec(line)
    if (file !== null) {
      open = { verb: file[1] ?? '', path: headerPath(file[2] ?? ''), moveTo: null, body: [] }
      sections.push(open)
      ended = false
    } else if (END.test(line)) {
      open = null
      ended = true
    } else if (move !== null && open !== null) open.moveTo = headerPath(move[1] ?? '')
    else open?.body.push(line)
  }
  if (!ended && block.last && !block.endsWithNewline)
    throw new ReplyRefusal('truncated', "The patch stops before '*** End Patch'; send it whole.", open?.path ?? null)
  return sections.map((section) => toDraft(section, block.kind === 'talk' && !ended))
}

function toDraft(section: CodexSection, talk: boolean): FileDraft {
  const head = { format: 'codex', paths: [section.path], hinted: false, prefixed: false, mode: null }
  switch (section.verb) {
    case 'Add':
      return { ...head, wish: 'create', lines: addedLines(section), finalNewline: true }
    case 'Delete':
      return { ...head, wish: 'delete', hunks: [] }
    default:
      return { ...head, wish: 'edit', hunks: readHunks(section.body, talk), moveTo: section.moveTo, fresh: false }
  }
}

/** The content of an added file: either every line has a '+', or none has. */
function addedLines(section: CodexSection): string[] {
  const body = [...section.body]
  while (body.at(-1) === '') body.pop()
  if (!body.some((line) => line.startsWith('+'))) return body
  const stranger = body.find((line) => !line.startsWith('+') && line.trim() !== '')
  if (stranger !== undefined)
    throw new ReplyRefusal(
      'format',
      `In the added file, the line ${JSON.stringify(stranger)} lacks its '+'.`,
      section.path,
    )
  return body.map((line) => line.slice(1))
}

function readHunks(body: readonly string[], talk: boolean): DraftHunk[] {
  const hunks: DraftHunk[] = []
  let scopes: string[] = []
  let range: ReturnType<typeof readHunkHeader> = null
  let raws: string[] = []
  const close = (atEnd: boolean): void => {
    if (raws.some((raw) => raw.trim() !== '')) {
      hunks.push(makeHunk(raws, { range: range?.range ?? null, scopes, atEnd }, talk))
      scopes = []
    }
    raws = []
  }
  for (const line of body) {
    const header = readHunkHeader(line)
    if (header !== null) {
      const stacked = raws.length === 0
      close(false)
      range = header
      if (!stacked) scopes = []
      if (header.scope !== null) scopes.push(header.scope)
    } else if (END_OF_FILE.test(line)) close(true)
    else raws.push(line)
  }
  close(false)
  return hunks
}
