import { indentOf, isBlank, isComment, looseKey } from './loose-keys.ts'
import type { TextFile } from './text-file.ts'

/** A file prepared for many searches. */
export interface IndexedFile {
  readonly path: string
  readonly text: TextFile
  readonly keys: readonly string[]
  /** Loose key → lines (0-based) with this key; blank lines are not included. */
  readonly at: ReadonlyMap<string, readonly number[]>
  /** Whether a line is blank or a comment: a hunk may have left such lines out. */
  readonly skippable: readonly boolean[]
  /** The leading blanks that occur in the file. */
  readonly leads: ReadonlySet<string>
  /** The usual indent of one block in the file; '' for a file without blocks. */
  readonly step: string
}

export function indexLines(path: string, text: TextFile): IndexedFile {
  const keys = text.lines.map(looseKey)
  const at = new Map<string, number[]>()
  for (const [line, key] of keys.entries()) {
    if (key === '') continue
    const lines = at.get(key)
    if (lines === undefined) at.set(key, [line])
    else lines.push(line)
  }
  const skippable = text.lines.map((line) => isBlank(line) || isComment(line, path))
  return { path, text, keys, at, skippable, leads: new Set(text.lines.map(indentOf)), step: usualStep(text.lines) }
}

function usualStep(lines: readonly string[]): string {
  const steps = new Map<string, number>()
  let above = ''
  for (const line of lines) {
    if (isBlank(line)) continue
    const lead = indentOf(line)
    const step = lead.startsWith(above) ? lead.slice(above.length) : ''
    if (step !== '' && step !== ' ') steps.set(step, (steps.get(step) ?? 0) + 1)
    above = lead
  }
  return [...steps].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

/** A line of the old side of a hunk, and what may be between it and the next one. */
export interface OldHunkLine {
  readonly key: string
  readonly removed: boolean
  /** Lines of the file may be skipped after this one. */
  readonly gapAfter: boolean
  /** A blank context line that the file need not have. */
  readonly droppable: boolean
}

/** Old line → line of the file; null for a blank line that was dropped. */
export type LineAlignment = readonly (number | null)[]

/** How much work one search may do; shared by all hunks of a reply. */
export interface SearchBudget {
  left: number
}

const MAX_SKIP = 2
const MAX_PER_ANCHOR = 24
/** Hunks with longer old sides are not placed, because the search below recurses once for each line. */
export const MAX_OLD_LINES = 3000

/** Every way in which the old lines fit the file if blanks, punctuation, and missing blank and comment lines do not count. */
export function alignLines(
  indexedFile: IndexedFile,
  old: readonly OldHunkLine[],
  effort: SearchBudget,
): LineAlignment[] {
  const anchor = rarest(indexedFile, old)
  if (anchor === null) return []
  const found: LineAlignment[] = []
  for (const at of indexedFile.at.get(old[anchor]?.key ?? '') ?? []) {
    if (effort.left < 0) break
    const backward = runs(indexedFile, old, anchor, at, -1, effort)
    if (backward.length === 0) continue
    const forward = runs(indexedFile, old, anchor, at, 1, effort)
    for (const left of backward) {
      for (const right of forward) {
        // The code after this looks at every line of an alignment several times.
        effort.left -= old.length * 8
        if (effort.left >= 0) found.push([...left.toReversed(), at, ...right])
      }
    }
  }
  return found
}

/** The index of the old line that occurs at the fewest places; null if one occurs nowhere, or if all are blank. */
function rarest(indexedFile: IndexedFile, old: readonly OldHunkLine[]): number | null {
  let best: number | null = null
  let fewest = Number.POSITIVE_INFINITY
  for (const [index, line] of old.entries()) {
    if (line.key === '') continue
    const places = indexedFile.at.get(line.key)?.length ?? 0
    if (places === 0) return null
    if (places < fewest) {
      fewest = places
      best = index
    }
  }
  return best
}

/** Matches the lines on one side of the anchor, nearest first. Results with fewer skipped lines come first. */
function runs(
  indexedFile: IndexedFile,
  old: readonly OldHunkLine[],
  anchor: number,
  at: number,
  step: 1 | -1,
  effort: SearchBudget,
): LineAlignment[] {
  const found: LineAlignment[] = []
  const path: (number | null)[] = []
  const walk = (index: number, line: number, gapFrom: number): void => {
    effort.left -= 1
    if (effort.left < 0 || found.length >= MAX_PER_ANCHOR) return
    const item = old[index]
    if (item === undefined) {
      found.push([...path])
      return
    }
    // A gap belongs to the earlier of the two lines around it.
    const mayGap = old[step === 1 ? gapFrom : index]?.gapAfter === true
    let met = false
    for (let skip = 0; skip <= (mayGap ? MAX_SKIP : 0); skip += 1) {
      const to = line + step * (skip + 1)
      if (skip > 0 && indexedFile.skippable[to - step] !== true) break
      if (indexedFile.keys[to] !== item.key) continue
      met = true
      path.push(to)
      walk(index + step, to, index)
      path.pop()
    }
    if (!item.droppable || met) return
    path.push(null)
    walk(index + step, line, gapFrom)
    path.pop()
  }
  walk(anchor + step, at, anchor)
  return found
}
