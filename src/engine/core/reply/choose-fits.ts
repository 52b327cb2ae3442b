import type { HunkFits } from './find-hunk.ts'
import type { HunkFit } from './hunk-fit.ts'

/**
 * Chooses one fit for every hunk of a section, or returns the first hunk without a single fit. A hunk gets its only fit; else
 * the fit that the number in its header names; else the fit that it has in the only ascending, non-overlapping assignment of
 * all hunks. It never chooses by nearness.
 */
export function chooseFits(founds: readonly HunkFits[]): { chosen: HunkFit[] } | { undecided: HunkFits } {
  const lies = founds.some((found) => found.fits.length === 1 && contradicted(found))
  const shifted = founds.some((found) => found.fits.length > 0 && found.fits.every((fit) => fit.shifted))
  const options = founds.map((found) => {
    const fits = [...found.fits, ...doubts(found, shifted)]
    const named = found.numbered.length === 1 && fits.length <= MAX_NUMBERED && !lies
    return named && found.numbered.every((fit) => found.fits.includes(fit)) ? found.numbered : fits
  })
  if (options.some((fits) => fits.length > 1)) keepFeasible(options)
  const open = options.findIndex((fits) => fits.length !== 1)
  const undecided = founds[open]
  if (undecided !== undefined) return { undecided }
  const chosen = options.flat()
  const disordered = founds.find((found, n) => found.rivals.length > 0 && outOfOrder(chosen, n))
  return disordered === undefined ? { chosen } : { undecided: disordered }
}

/** If a hunk fits in more places than this, a wrong number could name one of them by chance. */
const MAX_NUMBERED = 3

/**
 * Looser fits that count as much as the strictest one. If the strictest one is lenient itself, all of them. Otherwise a place
 * that the header names exactly, and places with a shifted indent if the header is wrong or another hunk has lost its indent.
 */
function doubts(found: HunkFits, shifted: boolean): readonly HunkFit[] {
  if (found.fits.every((fit) => fit.rank > MAX_PLAIN)) return found.rivals
  const lostIndent = shifted || contradicted(found)
  return found.rivals.filter((rival) => found.numbered.includes(rival) || (lostIndent && rival.shifted))
}

/** Ranks up to this one ignore only trailing blanks and punctuation. */
const MAX_PLAIN = 2

/** True: the hunk before or after this one lies on the wrong side of it. */
function outOfOrder(chosen: readonly HunkFit[], n: number): boolean {
  const fit = chosen[n]
  const before = chosen[n - 1]
  const after = chosen[n + 1]
  if (fit === undefined) return false
  return (before !== undefined && startOf(fit) < endOf(before)) || (after !== undefined && startOf(after) < endOf(fit))
}

/**
 * True: the counts of the header are right, but its start is not where the hunk fits. Then the starts of other hunks are not
 * reliable either.
 */
function contradicted(found: HunkFits): boolean {
  return found.hunk.range !== null && !found.numbered.some((fit) => found.fits.includes(fit))
}

/**
 * Keeps for each hunk only the fits that occur in some ascending assignment of all hunks; changes nothing if there is no such
 * assignment.
 */
function keepFeasible(options: (readonly HunkFit[])[]): void {
  const low: number[] = []
  let floor = 0
  for (const fits of options) {
    low.push(floor)
    floor = Math.min(...fits.filter((fit) => startOf(fit) >= floor).map(endOf))
  }
  if (!Number.isFinite(floor)) return
  let ceiling = Number.POSITIVE_INFINITY
  for (let at = options.length - 1; at >= 0; at -= 1) {
    const limit = ceiling
    const fits = (options[at] ?? []).filter((fit) => startOf(fit) >= (low[at] ?? 0) && endOf(fit) <= limit)
    options[at] = fits
    ceiling = Math.max(...fits.map(startOf))
  }
}

/** A hunk occupies the lines from its first to its last change; a hunk that changes nothing occupies all its lines. */
function startOf(fit: HunkFit): number {
  return fit.edits[0]?.at ?? fit.first
}

function endOf(fit: HunkFit): number {
  const last = fit.edits.at(-1)
  return last === undefined ? fit.last + 1 : Math.max(last.at + last.removed, last.at + 1)
}
