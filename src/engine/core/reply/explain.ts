import type { Page } from './align.ts'
import type { DraftLine } from './draft.ts'
import type { Found } from './locate.ts'
import { looseKey } from './loose-keys.ts'
import type { Candidate, FirstDifference } from './outcome.ts'

const MAX_VOTES = 50_000

/** Where the hunk fits best, and the first of its lines that is not there. Null when none of its lines is in the file. */
export function firstDifference(page: Page, lines: readonly DraftLine[]): FirstDifference | null {
  const old = [...lines.entries()].filter(([, line]) => line.sign !== '+')
  const start = bestStart(
    page,
    old.map(([, line]) => looseKey(line.text)),
  )
  if (start === null) return null
  for (const [n, [at, line]] of old.entries()) {
    const fileLine = start + n
    if (
      page.keys[fileLine] === looseKey(line.text) &&
      (line.sign === ' ' || page.text.lines[fileLine]?.trimEnd() === line.text.trimEnd())
    )
      continue
    const fileText = page.text.lines[fileLine] ?? null
    return { patchLine: at + 1, patchText: line.text, fileLine: fileLine + 1, fileText }
  }
  return null
}

/** The start at which most lines are equal. */
function bestStart(page: Page, keys: readonly string[]): number | null {
  const votes = new Map<number, number>()
  let left = MAX_VOTES
  for (const [n, key] of keys.entries()) {
    for (const at of page.at.get(key) ?? []) {
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

export function candidatesOf(page: Page, found: Found): Candidate[] {
  const lines = [...new Set(found.fits.map((fit) => fit.first + 1))].sort((a, b) => a - b)
  return lines.slice(0, 3).map((line) => ({ path: page.path, line }))
}
