import { firstThat } from '../trials/index.ts'

/** The result of a minimisation: what has to stay, and whether every single part of it was shown to be needed. */
export interface MinimisationResult<T> {
  readonly kept: readonly T[]
  readonly shown: boolean
}

/**
 * Tests whether these parts have the same effect as all parts. What it gives is called when it is the turn of these parts, and
 * never for parts that are not looked at any more; null = no further test is possible.
 */
export type PartsTest<T> = (parts: readonly T[], signal: AbortSignal) => Promise<() => boolean | null>

/** A test, and how many of them may be under way at once. */
export interface PartsTester<T> {
  readonly holds: PartsTest<T>
  readonly jobs: number
}

/**
 * Delta debugging (Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input", ddmin) on the parts of a
 * change: finds a list for which `holds` is true, but no longer without any one of its parts. `holds(parts)` must be true.
 * Ends early, with `shown: false`, if no further test is possible.
 */
export async function minimise<T>(parts: readonly T[], tester: PartsTester<T>): Promise<MinimisationResult<T>> {
  let kept = parts
  let granularity = 2
  while (kept.length > 1) {
    const chunks = cut(kept, Math.min(granularity, kept.length))
    const { found, ended } = await firstThatHolds(candidates(kept, chunks), tester)
    if (ended) return { kept, shown: false }
    if (found) {
      granularity = found.length < kept.length / 2 ? 2 : Math.max(granularity - 1, 2)
      kept = found
    } else if (granularity >= kept.length) break
    else granularity = Math.min(granularity * 2, kept.length)
  }
  return { kept, shown: true }
}

/** The first of these lists that holds, if any; `ended`: no further test was possible before one did. */
async function firstThatHolds<T>(
  lists: readonly (readonly T[])[],
  { holds, jobs }: PartsTester<T>,
): Promise<{ readonly found: readonly T[] | null; readonly ended: boolean }> {
  let ended = false
  const found = await firstThat(lists, jobs, holds, (say) => {
    const said = say()
    ended = said === null
    return said !== false
  })
  return { found: ended ? null : found, ended }
}

/**
 * Minimises in several levels of clusters, coarse ones first, until a whole round takes nothing out: then no cluster of any
 * level can be left out. A level returns the cluster of a part, or null if it does not touch that part.
 */
export async function minimiseBy<T>(
  parts: readonly T[],
  levels: readonly ((part: T) => string | null)[],
  { holds, jobs }: PartsTester<T>,
): Promise<MinimisationResult<T>> {
  let kept = parts
  for (;;) {
    const before = kept.length
    for (const level of levels) {
      const clusters = [...clustered(kept, level).values()]
      const fixed = kept.filter((part) => level(part) === null)
      const within = (some: readonly (readonly T[])[]): readonly T[] => {
        const chosen = new Set([...fixed, ...some.flat()])
        return kept.filter((part) => chosen.has(part))
      }
      const tester: PartsTester<readonly T[]> = { holds: (some, signal) => holds(within(some), signal), jobs }
      const found = await minimiseClusters(clusters, fixed.length > 0, tester)
      kept = within(found.kept)
      if (!found.shown) return { kept, shown: false }
    }
    if (kept.length === before) return { kept, shown: true }
  }
}

/** `mayBeNone`: whether something is left if all clusters are taken out. */
async function minimiseClusters<C>(
  clusters: readonly C[],
  mayBeNone: boolean,
  tester: PartsTester<C>,
): Promise<MinimisationResult<C>> {
  if (clusters.length === 0) return { kept: [], shown: true }
  const { found, ended } = await firstThatHolds(mayBeNone ? [[]] : [], tester)
  if (ended) return { kept: clusters, shown: false }
  return found ? { kept: [], shown: true } : minimise(clusters, tester)
}

function clustered<T>(parts: readonly T[], level: (part: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const clusters = new Map<string, T[]>()
  for (const part of parts) {
    const key = level(part)
    if (key !== null) clusters.set(key, [...(clusters.get(key) ?? []), part])
  }
  return clusters
}

/** Single chunks first, then all parts without each chunk; with two chunks both lists are the same. */
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
