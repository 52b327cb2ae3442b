import { diffLines, type Splice } from '../patch/index.ts'
import type { IndexedFile, LineAlignment, OldHunkLine } from './align-lines.ts'
import type { DraftLine } from './file-draft.ts'
import { type IndentMap, indentMapsFor, mapIndent, SAME_INDENT } from './indent-map.ts'
import { indentOf, isBlank, isComment, looseKey, plainPunctuation } from './loose-keys.ts'

/** One way in which a hunk fits into the file: how lenient the match is, and what the file would become. */
export interface HunkFit {
  /** Smaller = stricter; the strictest rank that has a fit is used. */
  readonly rank: number
  readonly note: string
  /** True: the indent of the hunk differs from that of the file. */
  readonly shifted: boolean
  /** First and last line of the file (0-based) that the old side covers. */
  readonly first: number
  readonly last: number
  readonly edits: readonly Splice[]
}

/** The old side of a hunk with the rules for what may lie between its lines. */
export function oldSide(lines: readonly DraftLine[], path: string): OldHunkLine[] {
  const olds = [...lines.keys()].filter((at) => lines[at]?.sign !== '+')
  const holding = heldAtInsertions(lines, path)
  return olds.map((at, n) => {
    const removed = lines[at]?.sign === '-'
    const key = looseKey(lines[at]?.text ?? '')
    const next = olds[n + 1]
    const nearPlus = lines[at - 1]?.sign === '+' || lines[at + 1]?.sign === '+'
    const droppable = !removed && key === '' && !nearPlus && !holding.has(at)
    if (next === undefined) return { key, removed, gapAfter: false, droppable }
    // Added lines stay with the removed lines next to them; between two context lines their place must be certain.
    const nextRemoved = lines[next]?.sign === '-'
    const mayGap = next > at + 1 ? removed || nextRemoved : !(removed && nextRemoved)
    return { key, removed, gapAfter: mayGap && !holding.has(at) && !holding.has(next), droppable }
  })
}

/**
 * Blank and comment lines that are the only lines between an insertion and the next line of code; since one looks like
 * another, none may be skipped there.
 */
function heldAtInsertions(lines: readonly DraftLine[], path: string): Set<number> {
  const holding = new Set<number>()
  const light = ({ sign, text }: DraftLine): boolean => sign === ' ' && (isBlank(text) || isComment(text, path))
  for (const [from, line] of lines.entries()) {
    if (line.sign !== '+' || lines[from - 1]?.sign === '+') continue
    let to = from
    while (lines[to + 1]?.sign === '+') to += 1
    if (lines[from - 1]?.sign === '-' || lines[to + 1]?.sign === '-') continue
    for (let at = from - 1; light(lines[at] ?? line); at -= 1) holding.add(at)
    for (let at = to + 1; light(lines[at] ?? line); at += 1) holding.add(at)
  }
  return holding
}

/** The fits of the hunk with this alignment: of all indent maps and readings that agree with the lines, the least odd ones. */
export function fitsOfAlignment(
  indexedFile: IndexedFile,
  lines: readonly DraftLine[],
  alignment: LineAlignment,
): HunkFit[] {
  const old = lines.filter((line) => line.sign !== '+')
  const fits: { odd: number; fit: HunkFit }[] = []
  for (const unsigned of old.some((line) => line.sign === ' ' && line.raw !== line.text) ? [false, true] : [false]) {
    const texts = old.map((line) => (unsigned && line.sign === ' ' ? line.raw : line.text))
    for (const map of candidateMaps(indexedFile, texts, alignment)) {
      const forgiven = forgivenUnder(indexedFile, old, texts, alignment, map, unsigned)
      if (forgiven === null) continue
      const edits = editsAlong(lines, alignment, map)
      if (edits === null) continue
      const odd = unsigned || map !== SAME_INDENT ? oddness(indexedFile, alignment, edits) : 0
      fits.push({ odd: forgiven.rank + odd, fit: { ...forgiven, edits, ...span(alignment) } })
    }
  }
  const least = Math.min(...fits.map(({ odd }) => odd))
  const usual = fits.filter(({ odd }) => odd === least).map(({ fit }) => fit)
  const rank = Math.min(...usual.map((fit) => fit.rank))
  return usual.map((fit) => ({ ...fit, rank }))
}

/**
 * What a reading of the indent costs, judged by the added lines: nothing if lines of the hunk or next to it start with the
 * same blanks, little if other lines of the file do, much if no line does.
 */
function oddness(indexedFile: IndexedFile, alignment: LineAlignment, edits: readonly Splice[]): number {
  const leads = new Set(edits.flatMap((edit) => edit.added.filter((line) => line !== '').map(indentOf)))
  const near = new Set<string>()
  for (const at of alignment) {
    if (at === null || indexedFile.keys[at] === '') continue
    const lead = indentOf(indexedFile.text.lines[at] ?? '')
    near.add(lead).add(lead + indexedFile.step)
    for (const beside of [at - 1, at + 1])
      if (indexedFile.keys[beside]) near.add(indentOf(indexedFile.text.lines[beside] ?? ''))
  }
  const unknown = [...leads].filter((lead) => !near.has(lead))
  if (unknown.length === 0) return 0
  return unknown.every((lead) => indexedFile.leads.has(lead)) ? 0.2 : 2
}

function span(alignment: LineAlignment): { first: number; last: number } {
  const lines = alignment.filter((line) => line !== null)
  return { first: (lines[0] ?? 0) - alignment.findIndex((line) => line !== null), last: lines.at(-1) ?? 0 }
}

function candidateMaps(indexedFile: IndexedFile, texts: readonly string[], alignment: LineAlignment): IndentMap[] {
  const maps = new Map<string, IndentMap>([[SAME_INDENT.name, SAME_INDENT]])
  for (const [n, at] of alignment.entries()) {
    const text = texts[n] ?? ''
    if (at === null || text.trim() === '') continue
    for (const map of indentMapsFor(indentOf(text), indentOf(indexedFile.text.lines[at] ?? ''))) maps.set(map.name, map)
    if (maps.size > 12) break
  }
  return [...maps.values()]
}

/**
 * Ranks: 0 exact, 1 trailing blanks, 2 punctuation, 4 indent map or unsigned context, 5 blanks in context, 6 and more with
 * skipped lines.
 */
function forgivenUnder(
  indexedFile: IndexedFile,
  old: readonly DraftLine[],
  texts: readonly string[],
  alignment: LineAlignment,
  map: IndentMap,
  unsigned: boolean,
): Pick<HunkFit, 'rank' | 'note' | 'shifted'> | null {
  const met = compared(indexedFile, old, texts, alignment, map)
  if (met === null) return null
  const { worst, loose, agreed } = met
  const removes = old.some((line) => line.sign === '-')
  if (loose > 0 && (agreed === 0 || (!removes && loose >= agreed))) return null
  const skips = alignment.some((at, n) => at === null || (n > 0 && at !== (alignment[n - 1] ?? -1) + 1))
  const shifted = map === SAME_INDENT ? 0 : map.cost
  const plain = shifted > 0 ? 3.8 + shifted / 5 : unsigned ? 4 : worst
  const base = loose > 0 ? 5 + shifted / 4 + loose / 1000 : plain
  const note = noteOf(worst, loose, map, skips, unsigned)
  return { rank: skips ? 6 + base / 2 : base, note, shifted: map !== SAME_INDENT }
}

/** How the old lines compare with those of the file under the map; null if a removed line differs. */
function compared(
  indexedFile: IndexedFile,
  old: readonly DraftLine[],
  texts: readonly string[],
  alignment: LineAlignment,
  map: IndentMap,
): { worst: number; loose: number; agreed: number } | null {
  const met = { worst: 0, loose: 0, agreed: 0 }
  for (const [n, at] of alignment.entries()) {
    if (at === null) continue
    const level = levelOf(mapIndent(texts[n] ?? '', map), indexedFile.text.lines[at] ?? '')
    const blank = indexedFile.keys[at] === ''
    if (level > 1 && (old[n]?.sign === '-' || (level > 2 && blank))) return null
    if (level > 2) met.loose += 1
    else if (!blank) met.agreed += 1
    met.worst = Math.max(met.worst, level)
  }
  return met
}

function noteOf(worst: number, loose: number, map: IndentMap, skips: boolean, unsigned: boolean): string {
  const notes: string[] = []
  if (unsigned) notes.push('context without its leading blank')
  if (map !== SAME_INDENT) notes.push(map.name)
  if (loose > 0) notes.push('blanks in context differ')
  else if (worst === 2) notes.push('punctuation in context differs')
  else if (worst === 1) notes.push('trailing blanks differ')
  if (skips) notes.push('blank or comment lines were left out')
  return notes.join(', ')
}

/** 0 equal, 1 equal except trailing blanks, 2 equal except typographic punctuation, 3 equal except blanks. */
function levelOf(patch: string | null, file: string): 0 | 1 | 2 | 3 {
  if (patch === null) return 3
  if (patch === file) return 0
  if (patch.trimEnd() === file.trimEnd()) return 1
  return plainPunctuation(patch).trimEnd() === plainPunctuation(file).trimEnd() ? 2 : 3
}

interface EditGroup {
  at: number | null
  readonly removed: string[]
  readonly added: string[]
}

/** The edits that the hunk makes; null if the map cannot convert an added line. */
function editsAlong(lines: readonly DraftLine[], alignment: LineAlignment, map: IndentMap): Splice[] | null {
  const edits: Splice[] = []
  let group: EditGroup = { at: null, removed: [], added: [] }
  let after: number | null = null
  const flush = (next: number | null): boolean => {
    const at = group.at ?? after ?? next
    const done = at === null ? group.added.length === 0 : finish(group, at, map, edits)
    group = { at: null, removed: [], added: [] }
    return done
  }
  let n = 0
  for (const line of lines) {
    if (line.sign === '+') {
      group.added.push(line.text)
      continue
    }
    const at = alignment[n] ?? null
    n += 1
    if (line.sign === '-' && at !== null) {
      if (group.at !== null && group.at + group.removed.length !== at && !flush(at)) return null
      group.at ??= at
      group.removed.push(line.text)
    } else if (at !== null && !flush(at)) return null
    if (at !== null) after = at + 1
  }
  return flush(null) ? edits : null
}

/** Lines that are removed and added again keep the form that they have in the file. */
function finish(group: EditGroup, at: number, map: IndentMap, edits: Splice[]): boolean {
  for (const change of diffLines(group.removed, group.added)) {
    const added: string[] = []
    for (const line of change.added) {
      const text = mapIndent(line, map)
      if (text === null) return false
      added.push(text)
    }
    edits.push({ at: at + change.at, removed: change.removed, added })
  }
  return true
}
