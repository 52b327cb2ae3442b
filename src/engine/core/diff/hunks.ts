import { byteString, bytesOf, diffLines, type Splice, spliced, splitLines } from './lines.ts'
import { grouped } from './print.ts'

/** A run of changed lines that can be kept or taken back by itself. */
export type LineGroup = Splice

/** What `printPatch` would print as one hunk: line groups with little unchanged text between them, ascending. */
export interface Hunk {
  readonly groups: readonly LineGroup[]
}

/**
 * The independent hunks between two contents. A file that comes or goes (null) is one hunk of one group: it cannot be
 * half there. Equal contents have none.
 */
export function hunksOf(before: Uint8Array | null, after: Uint8Array | null): readonly Hunk[] {
  if (before === null || after === null) {
    if (before === after) return []
    return [{ groups: [{ at: 0, removed: linesOf(before).length, added: linesOf(after) }] }]
  }
  return grouped(diffLines(linesOf(before), linesOf(after))).map((groups) => ({ groups }))
}

/** The content with only the chosen line groups of `hunksOf(before, after)`; all of them give `after`, none `before`. */
export function withGroups(
  before: Uint8Array | null,
  after: Uint8Array | null,
  chosen: ReadonlySet<LineGroup>,
): Uint8Array | null {
  if (before === null || after === null) return chosen.size > 0 ? after : before
  const ordered = [...chosen].sort((a, b) => a.at - b.at)
  return bytesOf(spliced(linesOf(before), ordered).join(''))
}

/** The content without the dropped hunks of `hunksOf(before, after)`. */
export function withoutHunks(
  before: Uint8Array | null,
  after: Uint8Array | null,
  dropped: ReadonlySet<Hunk>,
  hunks: readonly Hunk[],
): Uint8Array | null {
  const kept = hunks.filter((hunk) => !dropped.has(hunk)).flatMap((hunk) => hunk.groups)
  return withGroups(before, after, new Set(kept))
}

function linesOf(bytes: Uint8Array | null): string[] {
  return bytes === null ? [] : splitLines(byteString(bytes))
}
