import type { CommitFacts } from '../model/commit.ts'
import type { Oid } from '../model/oid.ts'

/** Which of two commits a commit is reachable from. */
export interface CommonAncestors {
  /** Reachable only from the left one; the youngest first, by committer dates. */
  readonly onlyLeft: readonly Oid[]
  /** Reachable from both, but not from another common ancestor; the youngest first. */
  readonly best: readonly Oid[]
}

const LEFT = 1
const RIGHT = 2
const BOTH = LEFT | RIGHT
/** Reachable from a common ancestor. */
const BEHIND = 4

/**
 * Walks from the youngest commits down until no commit is left that only one side reaches, as git's merge-base does. Dates
 * only decide the order: if they are wrong, more commits count as reachable only from the left side, never fewer.
 */
export async function commonAncestors(
  read: (oid: Oid) => Promise<CommitFacts>,
  left: Oid,
  right: Oid,
): Promise<CommonAncestors> {
  const colours = new Map<Oid, number>()
  const seen = new Map<Oid, CommitFacts>()
  const queue: CommitFacts[] = []
  const reach = async (oid: Oid, colour: number) => {
    const before = colours.get(oid) ?? 0
    if ((before | colour) === before) return
    colours.set(oid, before | colour)
    const facts = seen.get(oid) ?? (await read(oid))
    seen.set(oid, facts)
    const at = queue.findIndex((one) => one.at < facts.at)
    queue.splice(at === -1 ? queue.length : at, 0, facts)
  }
  await reach(left, LEFT)
  await reach(right, RIGHT)
  const undecided = () =>
    queue.some(({ oid, parents }) => !((colours.get(oid) ?? 0) & BEHIND) || parents.some((one) => seen.has(one)))
  while (undecided()) {
    const next = queue.shift()
    const colour = colours.get(next?.oid ?? '') ?? 0
    for (const parent of next?.parents ?? []) await reach(parent, (colour & BOTH) === BOTH ? BOTH | BEHIND : colour)
  }
  const young = [...seen.values()].sort((a, b) => b.at - a.at).map(({ oid }) => oid)
  return {
    onlyLeft: young.filter((oid) => colours.get(oid) === LEFT),
    best: young.filter((oid) => colours.get(oid) === BOTH),
  }
}
