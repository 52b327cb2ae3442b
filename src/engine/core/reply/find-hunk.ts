import { diffLines, sameSplice } from '../patch/index.ts'
import { alignLines, type IndexedFile, type SearchBudget } from './align-lines.ts'
import type { DraftHunk, DraftLine, TextSwap } from './file-draft.ts'
import { lengthByHeader } from './hunk-body.ts'
import { fitsOfAlignment, type HunkFit, oldSide } from './hunk-fit.ts'
import { wordCharacterCount } from './loose-keys.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { scopeLinesOf } from './scope-lines.ts'
import { speaksOfAnother } from './told-place.ts'

/** Where a hunk may go: all fits of the strictest rank, narrowed by what the hunk itself says of its place. */
export interface HunkFits {
  readonly hunk: DraftHunk
  /** The lines that were taken as the hunk. */
  readonly lines: readonly DraftLine[]
  readonly fits: readonly HunkFit[]
  /** Fits of looser ranks that would produce a different file. */
  readonly rivals: readonly HunkFit[]
  /** The fits or rivals at the start that the header names, if its counts agree with the body. */
  readonly numbered: readonly HunkFit[]
  /** True: it would fit, but its old side has too little text to be sure of that. */
  readonly weak: boolean
}

const ENOUGH = 10
const ENOUGH_EXACT = 4

/** Searches a hunk in a file: first as written, then with empty lines among added lines treated as added. */
export function findHunk(indexedFile: IndexedFile, hunk: DraftHunk, effort: SearchBudget): HunkFits {
  const every = hunk.swap === undefined ? null : everySwap(indexedFile, hunk.swap)
  if (every !== null) return { hunk, lines: hunk.lines, fits: [every], rivals: [], numbered: [], weak: false }
  let best: HunkFits | null = null
  for (const cut of hunk.cuts) {
    const lines = hunk.lines.slice(0, cut)
    for (const reading of readings(lines)) {
      const found = findLines(indexedFile, hunk, reading, effort)
      if (found.fits.length > 0) return found
      best ??= found
      if (found.weak) best = found
    }
  }
  const swapped = hunk.swap === undefined ? null : swapFit(indexedFile, hunk.swap)
  if (best !== null && swapped !== null) return { ...best, fits: [swapped], weak: false }
  return best ?? { hunk, lines: hunk.lines, fits: [], rivals: [], numbered: [], weak: false }
}

/** Replaces every occurrence of a text if the edit says that all are meant; null for another edit, or if there is none. */
function everySwap(indexedFile: IndexedFile, { old, young, times }: TextSwap): HunkFit | null {
  if (times === null || old === '') return null
  const parts = indexedFile.text.lines.join('\n').split(old)
  const count = parts.length - 1
  if (count === 0) return null
  if (times !== 'all' && times !== count)
    throw new ReplyRefusal(
      'ambiguous',
      `The old text occurs ${count} times in ${indexedFile.path}, and the edit expects ${times}; correct the number.`,
      indexedFile.path,
    )
  const edits = diffLines(indexedFile.text.lines, parts.join(young).split('\n'))
  const last = edits.at(-1)
  const span = { first: edits[0]?.at ?? 0, last: last === undefined ? 0 : last.at + Math.max(0, last.removed - 1) }
  return { rank: 0, note: count > 1 ? `${count} places` : '', shifted: false, ...span, edits }
}

/** Replaces a text that occurs in the file exactly once; it may start and end in the middle of lines. */
function swapFit(indexedFile: IndexedFile, { old, young }: TextSwap): HunkFit | null {
  const text = indexedFile.text.lines.join('\n')
  const start = text.indexOf(old)
  if (start < 0 || text.indexOf(old, start + 1) >= 0 || wordCharacterCount(old) < ENOUGH_EXACT) return null
  const from = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1
  const after = text.indexOf('\n', start + old.length)
  const to = after < 0 ? text.length : after
  const first = from === 0 ? 0 : text.slice(0, from).split('\n').length - 1
  const before = text.slice(from, to).split('\n')
  const now = `${text.slice(from, start)}${young}${text.slice(start + old.length, to)}`.split('\n')
  const edits = diffLines(before, now).map((edit) => ({ ...edit, at: first + edit.at }))
  return { rank: 0, note: 'a piece of a line', shifted: false, first, last: first + before.length - 1, edits }
}

function readings(lines: readonly DraftLine[]): (readonly DraftLine[])[] {
  const amongAdded = (at: number): boolean => {
    let from = at
    while (lines[from]?.raw === '') from -= 1
    let to = at
    while (lines[to]?.raw === '') to += 1
    return lines[from]?.sign === '+' && lines[to]?.sign === '+'
  }
  const second = lines.map((line, at) => (line.raw === '' && amongAdded(at) ? { ...line, sign: '+' as const } : line))
  return second.some((line, at) => line !== lines[at]) ? [lines, second] : [lines]
}

function findLines(
  indexedFile: IndexedFile,
  hunk: DraftHunk,
  lines: readonly DraftLine[],
  effort: SearchBudget,
): HunkFits {
  const old = lines.filter((line) => line.sign !== '+')
  const words = old.reduce((sum, line) => sum + wordCharacterCount(line.text), 0)
  const ways = alignLines(indexedFile, oldSide(lines, indexedFile.path), effort)
  effort.left -= ways.length * lines.length * 4
  const all = effort.left < 0 ? [] : ways.flatMap((alignment) => fitsOfAlignment(indexedFile, lines, alignment))
  const ending = hunk.atEnd ? all.filter((fit) => endsFile(indexedFile, fit)) : all
  const strictest = ending.reduce((least, fit) => Math.min(least, fit.rank), Number.POSITIVE_INFINITY)
  const fits = distinct(ending.filter((fit) => fit.rank === strictest))
  const rivals = distinct([...fits, ...ending]).slice(fits.length)
  const trusted = hunk.range !== null && lengthByHeader(lines, hunk.range) === lines.length
  const named = (fit: HunkFit): boolean => trusted && fit.first === (hunk.range?.oldStart ?? 0) - 1
  const numbered = [...fits, ...rivals].filter(named)
  const enough = strictest > 1 ? words >= ENOUGH : words >= ENOUGH_EXACT || fits.some(named)
  const weak = fits.length > 0 && !enough
  if (weak) return { hunk, lines, rivals, fits: [], numbered, weak }
  const inside = inScope(indexedFile, hunk, fits)
  // If number, scope and prose name different places, none of them is believed.
  const [one, ...more] = numbered.length === 1 ? numbered : inside
  const others = fits.filter((fit) => fit !== one)
  const prose = one !== undefined && more.length === 0 && speaksOfAnother(indexedFile, hunk.near ?? [], one, others)
  const torn = prose || numbered.some((fit) => fits.includes(fit) && !inside.includes(fit))
  return { hunk, lines, rivals, fits: torn ? fits : inside, numbered: torn ? [] : numbered, weak }
}

function endsFile(indexedFile: IndexedFile, fit: HunkFit): boolean {
  return indexedFile.keys.slice(fit.last + 1).every((key) => key === '')
}

/** Keeps one of several fits that would produce the same file. */
function distinct(fits: readonly HunkFit[]): HunkFit[] {
  const byPlace = new Map<string, HunkFit[]>()
  return fits.filter((fit) => {
    const place =
      fit.edits.length === 0 ? `${fit.first}` : fit.edits.map((edit) => `${edit.at},${edit.removed}`).join(' ')
    const others = byPlace.get(place) ?? []
    if (others.some((other) => other.edits.every((edit, n) => sameSplice(edit, fit.edits[n] ?? edit)))) return false
    byPlace.set(place, [...others, fit])
    return true
  })
}

/** The fits in the scope that the header names. */
function inScope(indexedFile: IndexedFile, hunk: DraftHunk, fits: readonly HunkFit[]): readonly HunkFit[] {
  if (fits.length < 2) return fits
  const extent = scopeLinesOf(indexedFile, hunk.scopes)
  if (extent === null) return fits
  const inside = fits.filter((fit) => fit.first >= extent.first && fit.last <= extent.last)
  return inside.length > 0 ? inside : fits
}
