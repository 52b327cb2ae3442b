import type { DraftHunk, DraftLine, HunkRange } from './file-draft.ts'

const MARKER = /^\s*\\ ?No newline at end of file/i
const MAX_CUTS = 6

/** What a '@@' line says; null for any other line. */
export function readHunkHeader(line: string): { range: HunkRange | null; scope: string | null } | null {
  if (!/^@@(?!@)/.test(line)) return null
  const text = line.slice(2, 500)
  const numbers = /^\s*-\s*(\d+)(?:\s*,\s*(\d+))?\s*(?:\+\s*(\d+)(?:\s*,\s*(\d+))?)?(?:\s*@@)?(.*)$/.exec(text)
  if (numbers === null) return { range: null, scope: scopeOf(text) }
  const [, start, oldLines, newStart, newLines, rest = ''] = numbers
  const range = {
    oldStart: Number(start),
    oldLines: Number(oldLines ?? '1'),
    newLines: newStart === undefined ? -1 : Number(newLines ?? '1'),
  }
  return { range, scope: scopeOf(rest) }
}

/** The line of code that a header names; null if it contains only dots, numbers and the like. */
function scopeOf(text: string): string | null {
  const scope = text.replace(/@@\s*$/, '').trim()
  return /^(?:[^\p{L}_]|\b[nxy]+\b)*$/iu.test(scope) ? null : scope
}

export function isMarker(line: string): boolean {
  return MARKER.test(line)
}

export function draftLine(raw: string): DraftLine {
  const sign = raw.charAt(0)
  if (sign === '+' || sign === '-') return { sign, text: raw.slice(1), raw, unsigned: false, marked: false }
  const unsigned = sign !== ' '
  return { sign: ' ', text: unsigned ? raw : raw.slice(1), raw, unsigned, marked: false }
}

/** Makes a hunk of the lines of a body. `talk`: prose of the reply may follow, because nothing marks the end. */
export function makeHunk(
  raws: readonly string[],
  head: { range: HunkRange | null; scopes: readonly string[]; atEnd?: boolean },
  talk: boolean,
): DraftHunk {
  const lines: DraftLine[] = []
  for (const raw of withoutGutter(raws)) {
    const last = lines.at(-1)
    if (!isMarker(raw)) lines.push(draftLine(raw))
    else if (last !== undefined) lines[lines.length - 1] = { ...last, marked: true }
  }
  const full = head.range === null ? -1 : lengthByHeader(lines, head.range)
  const kept = talk && full >= 0 && restIsTalk(lines.slice(full)) ? lines.slice(0, full) : lines
  return {
    range: head.range,
    scopes: head.scopes,
    lines: kept,
    atEnd: head.atEnd === true,
    cuts: cutsOf(kept, full, talk),
  }
}

const BEHIND_SIGN = /^([-+ ]?)[> ]? *(\d+) ?\| ?/
const BEFORE_SIGN = /^[> ]? *(\d*) *\| ?(?=[-+ ]|$)/

/** The lines without line numbers, which some replies copy from a listing: then every quoted line has one, and they ascend. */
function withoutGutter(raws: readonly string[]): readonly string[] {
  const told = raws.filter((raw) => raw.trim() !== '' && !isMarker(raw))
  const before = told.map((raw) => BEFORE_SIGN.exec(raw)?.[1])
  const signed = told.some((raw) => /^[> ]? *\d* *\| ?[-+]/.test(raw))
  // An added line may have no number there.
  if (signed && !before.includes(undefined) && ascend(before.filter((n) => n !== '')))
    return raws.map((raw) => raw.replace(BEFORE_SIGN, ''))
  const behind = told.filter((raw) => !raw.startsWith('+')).map((raw) => BEHIND_SIGN.exec(raw)?.[2])
  return ascend(behind) ? raws.map((raw) => raw.replace(BEHIND_SIGN, (_, sign: string) => sign || ' ')) : raws
}

function ascend(numbers: readonly (string | undefined)[]): boolean {
  return (
    numbers.length > 1 &&
    numbers.every((n, at) => n !== undefined && (at === 0 || Number(n) >= Number(numbers[at - 1])))
  )
}

/** How many lines the counts of the header need; -1 if no number of lines fits both counts. */
export function lengthByHeader(lines: readonly DraftLine[], range: HunkRange): number {
  let old = 0
  let young = 0
  for (const [at, line] of lines.entries()) {
    if (line.sign !== '+') old += 1
    if (line.sign !== '-') young += 1
    if (old === range.oldLines && young === range.newLines) return at + 1
  }
  return -1
}

/** True: after a complete hunk come a blank line and prose; a list in the prose may look like changed lines. */
function restIsTalk(rest: readonly DraftLine[]): boolean {
  return (
    rest[0]?.raw === '' && rest.every((line) => (line.unsigned && line.sign === ' ') || /^[-+] [\w`"*(]/.test(line.raw))
  )
}

function cutsOf(lines: readonly DraftLine[], full: number, talk: boolean): number[] {
  const changed = lines.findLastIndex((line) => line.sign !== ' ') + 1
  const signed = lines.findLastIndex((line) => !line.unsigned) + 1
  const from = Math.max(changed, signed)
  const told = lines.findLastIndex((line) => line.raw !== '') + 1
  const end = Math.max(from, told)
  // A blank line that the header counts may be the only thing that shows where the lines before it belong.
  if (full > end && lines[end - 1]?.sign === '+') return [full]
  const cuts = new Set<number>([end])
  if (full >= from && (talk || full >= told || lines[full]?.raw === '')) cuts.add(full)
  if (talk) {
    const ends = (at: number): boolean => lines[at]?.raw === '' && (at === from || lines[at - 1]?.raw !== '')
    for (let at = end - 1; at >= from && cuts.size < MAX_CUTS; at -= 1) if (ends(at)) cuts.add(at)
    const first = lines.findIndex((line, at) => at >= from && line.raw === '')
    if (first >= 0 && first < end) cuts.add(first)
  }
  return [...cuts].sort((a, b) => b - a)
}
