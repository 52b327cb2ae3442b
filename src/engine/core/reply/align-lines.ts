import { indentOf, isBlank, isComment, looseKey } from './loose-keys.ts'
import type { TextFile } from './text-file.ts'

/** A file prepared for many searches. */
export interface IndexedFile {
  readonly path: string
  readonly text: TextFile
  readonly keys: readonly string[]
  /** Loose key → lines (0-based); blank lines are not in it. */
  readonly at: ReadonlyMap<string, readonly number[]>
  /** Blank or comment: what a hunk may have forgotten. */
  readonly skippable: readonly boolean[]
  /** The blanks that lines of the file start with. */
  readonly leads: ReadonlySet<string>
  /** What the file indents a block by, most of the time; '' for a file without blocks. */
  readonly step: string
}

export function indexFile(path: string, text: TextFile): IndexedFile {
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

/** A line of the old side of a hunk, and what stands between it and the next one. */
export interface OldHunkLine {
  readonly key: string
  readonly removed: boolean
  /** Lines of the file may be skipped after this one. */
  readonly gapAfter: boolean
  /** A blank context line that the file need not have. */
  readonly droppable: boolean
}

/** Old line → line of the file; null for a dropped blank. */
export type LineAlignment = readonly (number | null)[]

/** How much one search may look at; shared by all hunks of a reply. */
export interface SearchBudget {
  left: number
}

const MAX_SKIP = 2
const MAX_PER_ANCHOR = 24
/** Longer old sides are not placed; the walk below goes one call deep a line. */
export const MAX_OLD_LINES = 3000

/** Every way the old lines can lie in the file, looked at loosely: blanks, punctuation, forgotten blank and comment lines. */
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
        // What follows looks at every line of an alignment several times.
        effort.left -= old.length * 8
        if (effort.left >= 0) found.push([...left.toReversed(), at, ...right])
      }
    }
  }
  return found
}

/** The old line with the fewest places; null when one has none, or all are blank. */
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

/** The lines beyond the anchor in one direction, nearest first. Fewer skips come first. */
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
    // A gap belongs to the earlier of the two lines it lies between.
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
