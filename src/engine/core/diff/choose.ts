import type { Fit } from './fit.ts'
import type { Found } from './locate.ts'

/**
 * One fit for every hunk of a section, or null for the first hunk that has no single one: the only fit, else the one
 * its header's number names, else the one it has in the only ascending, non-overlapping assignment of all hunks.
 * Which fit is nearest is never asked.
 */
export function chooseFits(founds: readonly Found[]): { chosen: Fit[] } | { undecided: Found } {
  const lies = founds.some((found) => found.fits.length === 1 && contradicted(found))
  const shifted = founds.some((found) => found.fits.length > 0 && found.fits.every((fit) => fit.shifted))
  const options = founds.map((found) => {
    // Where the writer lost the indent of one hunk, a place that fits another as written is no surer than one that fits shifted.
    const fits = shifted && !found.fits.some((fit) => fit.shifted) ? [...found.fits, ...found.rivals] : found.fits
    return fits.length > 1 && found.numbered !== null && !lies ? narrowed(fits, found.numbered) : fits
  })
  if (options.some((fits) => fits.length > 1)) keepFeasible(options)
  const open = options.findIndex((fits) => fits.length !== 1)
  const undecided = founds[open]
  if (undecided !== undefined) return { undecided }
  return { chosen: options.flat() }
}

/** True: the header's counts fit, but its start is not where the hunk can only go; then its neighbours' starts are no better. */
function contradicted(found: Found): boolean {
  return found.numbered === null && found.hunk.range !== null
}

function narrowed(fits: readonly Fit[], numbered: Fit): readonly Fit[] {
  return fits.includes(numbered) ? [numbered] : fits
}

/** Leaves each hunk the fits it has in some ascending assignment of all hunks; changes nothing where there is none. */
function keepFeasible(options: (readonly Fit[])[]): void {
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

/** A hunk takes up the lines from its first to its last change; one that changes nothing all its lines. */
function startOf(fit: Fit): number {
  return fit.edits[0]?.at ?? fit.first
}

function endOf(fit: Fit): number {
  const last = fit.edits.at(-1)
  return last === undefined ? fit.last + 1 : Math.max(last.at + last.removed, last.at + 1)
}
