import type { IndexedFile } from './align-lines.ts'
import type { DraftLine } from './file-draft.ts'
import type { HunkFits } from './find-hunk.ts'
import { looseKey } from './loose-keys.ts'
import type { AlternativeLocation, FirstDifference } from './reply-outcome.ts'

const MAX_VOTES = 50_000

/** Where the hunk fits best, and the first of its lines that differs there. Null if none of its lines is in the file. */
export function firstDifference(indexedFile: IndexedFile, lines: readonly DraftLine[]): FirstDifference | null {
  const old = [...lines.entries()].filter(([, line]) => line.sign !== '+')
  const start = bestStart(
    indexedFile,
    old.map(([, line]) => looseKey(line.text)),
  )
  if (start === null) return null
  for (const [n, [at, line]] of old.entries()) {
    const fileLine = start + n
    if (
      indexedFile.keys[fileLine] === looseKey(line.text) &&
      (line.sign === ' ' || indexedFile.text.lines[fileLine]?.trimEnd() === line.text.trimEnd())
    )
      continue
    const fileText = indexedFile.text.lines[fileLine] ?? null
    return { patchLine: at + 1, patchText: line.text, fileLine: fileLine + 1, fileText }
  }
  return null
}

/** The start at which most lines are equal. */
function bestStart(indexedFile: IndexedFile, keys: readonly string[]): number | null {
  const votes = new Map<number, number>()
  let left = MAX_VOTES
  for (const [n, key] of keys.entries()) {
    for (const at of indexedFile.at.get(key) ?? []) {
      left -= 1
      if (left < 0) break
      if (at >= n) votes.set(at - n, (votes.get(at - n) ?? 0) + 1)
    }
  }
  let best: number | null = null
  for (const [start, count] of votes) {
    const most = best === null ? 0 : (votes.get(best) ?? 0)
    if (count > most || (count === most && best !== null && start < best)) best = start
  }
  return best
}

export function candidatesOf(indexedFile: IndexedFile, found: HunkFits): AlternativeLocation[] {
  const lines = [...new Set(found.fits.map((fit) => fit.first + 1))].sort((a, b) => a - b)
  return lines.slice(0, 3).map((line) => ({ path: indexedFile.path, line }))
}
