import type { EditCandidate } from './edit-candidates.ts'

/** Whether an edit only takes something away: what it leaves is a part of what stood there, or no statement at all. */
export function onlyRemoves({ start, end, text, rule }: EditCandidate, file: string): boolean {
  const old = file.slice(start, end).trim()
  const fresh = text.trim()
  return rule === 'statement.drop' || (fresh.length < old.length && old.includes(fresh))
}

/** What a candidate does for inputs that are not the tests', a digest for each; null: not known. */
export type BehaviourOf = (one: EditCandidate) => readonly string[] | null

/**
 * Candidates that pass the tests, the one to prefer first. Those that do the same for further inputs belong together, and the
 * group that is likeliest as a whole comes first. Those that only take something away come last, because tests often do not miss
 * it, and so do those that give no value for some inputs only: the end of a function was reached that was not meant to be.
 * Otherwise their order stays. `files`: path → text.
 */
export function rankPassing(
  passing: readonly EditCandidate[],
  files: ReadonlyMap<string, string>,
  behaviourOf: BehaviourOf = () => null,
): readonly EditCandidate[] {
  const weights = groupWeights(passing, behaviourOf)
  const removes = (one: EditCandidate) => onlyRemoves(one, files.get(one.path) ?? '')
  const ordered = passing.toSorted((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0))
  const places = [0, 1, 2].map((place) =>
    ordered.filter((one) => place === (removes(one) ? 1 : 0) + (endsSomewhere(behaviourOf(one)) ? 1 : 0)),
  )
  return places.flat()
}

/** Whether some inputs give a value and others give none. */
function endsSomewhere(behaviour: readonly string[] | null): boolean {
  if (behaviour === null) return false
  const none = behaviour.filter((one) => one.startsWith('none:')).length
  const rest = behaviour.filter((one) => one === '' || one.startsWith('raises:')).length
  return none > 0 && none + rest < behaviour.length
}

/** Those that do something else than `chosen` for a further input, one of each kind; null: it is not known what it does. */
export function otherwise(
  chosen: EditCandidate,
  others: readonly EditCandidate[],
  behaviourOf: BehaviourOf,
): readonly EditCandidate[] | null {
  const own = behaviourOf(chosen)
  if (own === null) return null
  const seen = new Set([keyOf(own)])
  return others.filter((one) => {
    const behaviour = behaviourOf(one)
    const key = behaviour === null ? null : keyOf(behaviour)
    if (key === null || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** How likely all candidates together are that behave as each one does. With unknown behaviour, only itself. */
function groupWeights(passing: readonly EditCandidate[], behaviourOf: BehaviourOf): ReadonlyMap<EditCandidate, number> {
  const groups = new Map<unknown, EditCandidate[]>()
  for (const one of passing) {
    const behaviour = behaviourOf(one)
    const key = behaviour === null ? one : keyOf(behaviour)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const known = passing.some((one) => behaviourOf(one) !== null)
  const weights = new Map<EditCandidate, number>()
  for (const group of groups.values()) {
    const weight = group.reduce((sum, { score }) => sum + Math.exp(score), 0)
    for (const one of group) weights.set(one, known ? weight : 0)
  }
  return weights
}

function keyOf(behaviour: readonly string[]): string {
  return behaviour.join(' ')
}
