/** What a minimisation came to: what has to stay, and whether every single part of it was shown to be needed. */
export interface Minimal<T> {
  readonly kept: readonly T[]
  readonly shown: boolean
  readonly probes: number
}

/**
 * Delta debugging (Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input", ddmin) on the parts
 * of a change: the smallest list it finds for which `holds` is still true. `holds(parts)` must be true. Ends early,
 * with `shown: false`, when `budget` probes are spent.
 */
export async function minimise<T>(
  parts: readonly T[],
  holds: (parts: readonly T[]) => Promise<boolean>,
  budget: number,
): Promise<Minimal<T>> {
  let kept = parts
  let granularity = 2
  let probes = 0
  while (kept.length > 1) {
    const chunks = cut(kept, Math.min(granularity, kept.length))
    let found: readonly T[] | null = null
    for (const candidate of candidates(kept, chunks)) {
      if (probes >= budget) return { kept, shown: false, probes }
      probes += 1
      if (await holds(candidate)) {
        found = candidate
        break
      }
    }
    if (found) {
      granularity = found.length < kept.length / 2 ? 2 : Math.max(granularity - 1, 2)
      kept = found
    } else if (granularity >= kept.length) break
    else granularity = Math.min(granularity * 2, kept.length)
  }
  return { kept, shown: true, probes }
}

/** Single chunks first, then the rest without each chunk; with two chunks the two are the same. */
function candidates<T>(all: readonly T[], chunks: readonly (readonly T[])[]): (readonly T[])[] {
  const rests = chunks.map((chunk) => all.filter((part) => !chunk.includes(part)))
  return chunks.length === 2 ? rests : [...chunks.map((chunk) => [...chunk]), ...rests]
}

function cut<T>(parts: readonly T[], into: number): T[][] {
  const chunks: T[][] = []
  for (let i = 0; i < into; i++)
    chunks.push(parts.slice(Math.floor((i * parts.length) / into), Math.floor(((i + 1) * parts.length) / into)))
  return chunks
}
