import { diffLines } from '../patch/index.ts'
import type { DraftHunk, DraftLine, FileDraft } from './file-draft.ts'
import type { ReplyBlock } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { CLOSE, MIDDLE, OPEN } from './search-replace-marks.ts'

export function isSearchReplace(lines: readonly string[]): boolean {
  return lines.some((line) => OPEN.test(line))
}

/** Reads SEARCH/REPLACE blocks. `hints` are the lines before each block, nearest first; they may contain its path. */
export function readSearchReplace(block: ReplyBlock): { draft: FileDraft; hints: readonly string[] }[] {
  const found: { draft: FileDraft; hints: readonly string[] }[] = []
  let between: string[] = []
  for (let at = 0; at < block.lines.length; at += 1) {
    const line = block.lines[at] ?? ''
    const open = OPEN.exec(line)
    if (open === null) {
      if (line.trim() !== '' && !/^\s*(`{3,}|~{3,})/.test(line)) between.push(line.trim())
      continue
    }
    const end = seek(block.lines, at + 1, CLOSE)
    if (end >= block.lines.length)
      throw new ReplyRefusal('truncated', 'A SEARCH block has no REPLACE line; send it whole.')
    const middle = middleOf(block.lines, at, end)
    if (middle === null)
      throw new ReplyRefusal('format', 'A SEARCH block needs exactly one line of ======= before its REPLACE line.')
    const [search = [], replace = []] = halves(block.lines.slice(at + 1, middle), block.lines.slice(middle + 1, end))
    const named = open[1] === undefined || open[1] === '' ? [] : [open[1]]
    const hints = [
      ...named,
      ...between.slice(-3).reverse(),
      ...(found.length === 0 ? [block.info, ...block.before] : []),
    ]
    found.push({
      draft: replacement(search, replace, 'search/replace', [], startLineOf(block.lines[at + 1])),
      hints: hints.filter((hint) => hint !== ''),
    })
    between = []
    at = end
  }
  refuseCutMark(block, between)
  return found
}

/** Refuses a reply that ends in the middle of the line that closes a block, or that opens the next one. */
function refuseCutMark({ lines, last, endsWithNewline }: ReplyBlock, between: readonly string[]): void {
  const end = lines.at(-1) ?? ''
  const marks = (line: string): number => /^\s*[<>]*/.exec(line)?.[0].trim().length ?? 0
  const longest = Math.max(...lines.filter((line) => OPEN.test(line)).map(marks))
  const half = /^\s*>+\s*$/.test(end) && marks(end) < longest
  if (last && ((half && !endsWithNewline) || /^<{1,12} ?\w{0,8}$/.test(between.at(-1) ?? '')))
    throw new ReplyRefusal('truncated', 'The reply stops in the mark of a SEARCH block; send it whole.')
}

/** The line of the file that the half begins with, as some tools put it above. */
function startLineOf(line = ''): number | null {
  const told = /^:start_line: *(\d{1,9})\s*$/.exec(line)?.[1]
  return told === undefined ? null : Number(told)
}

/** A half without the lines with line numbers that some tools put above it. */
function unnumbered(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => !/^:\w+_line: *\d+\s*$/.test(line))
  if (from <= 0) return lines
  return lines.slice(/^-{3,}\s*$/.test(lines[from] ?? '') ? from + 1 : from)
}

/** The two halves. If both are in equal fences, the fences are removed. */
function halves(search: readonly string[], replace: readonly string[]): (readonly string[])[] {
  const both = [unnumbered(search), replace]
  const fences = new Set(both.map((lines) => fenceOf(lines)))
  return fences.size === 1 && !fences.has(null) ? both.map((lines) => lines.slice(1, -1)) : both
}

/** The first line if it opens a fence around all of these lines; else null. */
function fenceOf(lines: readonly string[]): string | null {
  const first = lines[0] ?? ''
  const ticks = /^\s*(`{3,}|~{3,})/.exec(first)?.[1]
  return ticks !== undefined && lines.length > 1 && lines.at(-1)?.trim() === ticks ? first.trim() : null
}

/**
 * The line that separates the halves. If there are several candidates, the one whose marks are as long as those of the
 * opening line.
 */
function middleOf(lines: readonly string[], from: number, to: number): number | null {
  const marks = (line = ''): number => /^\s*([<=-]+)/.exec(line)?.[1]?.length ?? 0
  const found = Array.from({ length: to - from - 1 }, (_, n) => from + 1 + n).filter((at) =>
    MIDDLE.test(lines[at] ?? ''),
  )
  const alike = found.filter((at) => marks(lines[at]) === marks(lines[from]))
  const [one, ...others] = alike.length === 1 ? alike : found
  return one === undefined || others.length > 0 ? null : one
}

function seek(lines: readonly string[], from: number, what: RegExp): number {
  for (let at = from; at < lines.length; at += 1) {
    if (what.test(lines[at] ?? '')) return at
    if (OPEN.test(lines[at] ?? '')) return lines.length
  }
  return lines.length
}

/** A replacement of lines as a hunk: lines that occur in both halves are context. `start`: where the old lines begin, 1-based. */
export function replacement(
  search: readonly string[],
  replace: readonly string[],
  format: string,
  paths: readonly string[],
  start: number | null = null,
): FileDraft {
  const head = { format, paths, hinted: false, prefixed: false, mode: null }
  return {
    ...head,
    wish: 'edit',
    hunks: [asHunk(search, replace, start)],
    moveTo: null,
    fresh: search.every((line) => line.trim() === ''),
  }
}

/** The replacement of some lines by others as a hunk; `start` as above. */
export function asHunk(search: readonly string[], replace: readonly string[], start: number | null): DraftHunk {
  const lines: DraftLine[] = []
  const push = (sign: DraftLine['sign'], text: string): void => {
    lines.push({ sign, text, raw: sign + text, unsigned: false, marked: false })
  }
  let at = 0
  for (const change of diffLines(search, replace)) {
    for (; at < change.at; at += 1) push(' ', search[at] ?? '')
    for (; at < change.at + change.removed; at += 1) push('-', search[at] ?? '')
    for (const line of change.added) push('+', line)
  }
  for (; at < search.length; at += 1) push(' ', search[at] ?? '')
  const range = start === null ? null : { oldStart: start, oldLines: search.length, newLines: replace.length }
  return { range, scopes: [], lines, atEnd: false, cuts: [lines.length] }
}
