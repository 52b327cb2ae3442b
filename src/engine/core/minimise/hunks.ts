import { applySplices, byteString, bytesOf, diffLines, groupSplices, type Splice, splitLines } from '../patch/index.ts'

/** A run of changed lines that can be kept or taken back by itself. */
export type LineGroup = Splice

/** The line groups that `printPatch` would print as one hunk, because little unchanged text is between them; ascending. */
export interface MinimiserHunk {
  readonly groups: readonly LineGroup[]
}

/**
 * The independent hunks between two contents. A file that is added or deleted (null) is one hunk with one group, because it
 * cannot exist in part. Equal contents have none.
 */
export function hunksOf(before: Uint8Array | null, after: Uint8Array | null): readonly MinimiserHunk[] {
  if (before === null || after === null) {
    if (before === after) return []
    return [{ groups: [{ at: 0, removed: linesOf(before).length, added: linesOf(after) }] }]
  }
  return groupSplices(diffLines(linesOf(before), linesOf(after))).map((groups) => ({ groups }))
}

/** The content with only the chosen line groups of `hunksOf(before, after)`; all of them give `after`, none `before`. */
export function withGroups(
  before: Uint8Array | null,
  after: Uint8Array | null,
  chosen: ReadonlySet<LineGroup>,
): Uint8Array | null {
  if (before === null || after === null) return chosen.size > 0 ? after : before
  const ordered = [...chosen].sort((a, b) => a.at - b.at)
  return bytesOf(applySplices(linesOf(before), ordered).join(''))
}

/** Splits a line group into pieces that can be taken back by themselves; `blank`: the piece changes only white space. */
export function piecesOf(
  before: Uint8Array | null,
  group: LineGroup,
): readonly (Splice & { readonly blank: boolean })[] {
  if (before === null) return [{ ...group, blank: false }]
  const removed = linesOf(before).slice(group.at, group.at + group.removed)
  const ink = (line: string): string => line.replace(/\s+/g, '')
  const real = diffLines(removed.map(ink), group.added.map(ink))
  const pieces: (Splice & { blank: boolean })[] = []
  let [old, young] = [0, 0]
  const pair = (until: number): void => {
    for (; old < until; old += 1, young += 1) {
      const line = group.added[young] ?? ''
      if (line !== removed[old]) pieces.push({ at: group.at + old, removed: 1, added: [line], blank: true })
    }
  }
  for (const change of real) {
    pair(change.at)
    const added = group.added.slice(young, young + change.added.length)
    const blank = (line = ''): boolean => ink(line) === ''
    const first = added.findIndex((line) => !blank(line))
    const [from, to] = first < 0 ? [0, added.length] : [first, added.findLastIndex((line) => !blank(line)) + 1]
    const at = group.at + old
    const end = at + change.removed
    // Blank lines at its ends do not belong to the meaning of a change.
    if (from > 0) pieces.push({ at, removed: 0, added: added.slice(0, from), blank: true })
    const says = [...added.slice(from, to), ...removed.slice(old, old + change.removed)]
    pieces.push({ at, removed: change.removed, added: added.slice(from, to), blank: says.every(blank) })
    if (to < added.length) pieces.push({ at: end, removed: 0, added: added.slice(to), blank: true })
    old += change.removed
    young += change.added.length
  }
  pair(removed.length)
  return pieces
}

function linesOf(bytes: Uint8Array | null): string[] {
  return bytes === null ? [] : splitLines(byteString(bytes))
}
