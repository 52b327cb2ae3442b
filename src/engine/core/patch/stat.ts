import { byteString, diffLines, splitLines } from './lines.ts'
import type { FileChange } from './print.ts'

/** How much a set of changes changes, in lines; for display. */
export interface DiffStat {
  readonly files: number
  readonly insertions: number
  readonly deletions: number
}

export function diffStat(changes: readonly FileChange[]): DiffStat {
  let files = 0
  let insertions = 0
  let deletions = 0
  for (const { before, after } of changes) {
    const splices = diffLines(linesOf(before), linesOf(after))
    if (splices.length > 0 || (before === null) !== (after === null)) files += 1
    for (const splice of splices) {
      insertions += splice.added.length
      deletions += splice.removed
    }
  }
  return { files, insertions, deletions }
}

function linesOf(bytes: Uint8Array | null): string[] {
  return bytes === null ? [] : splitLines(byteString(bytes))
}
