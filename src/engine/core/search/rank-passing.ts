import type { EditCandidate } from './edit-candidates.ts'

/** Whether an edit only takes something away: what it leaves is a part of what stood there, or no statement at all. */
export function onlyRemoves({ start, end, text, rule }: EditCandidate, file: string): boolean {
  const old = file.slice(start, end).trim()
  const fresh = text.trim()
  return rule === 'statement.drop' || (fresh.length < old.length && old.includes(fresh))
}

/**
 * Candidates that pass the tests, the one to prefer first: those that only take something away come last, because tests often
 * do not miss it; otherwise their order stays. `files`: path → text.
 */
export function rankPassing(
  passing: readonly EditCandidate[],
  files: ReadonlyMap<string, string>,
): readonly EditCandidate[] {
  const removes = (one: EditCandidate) => onlyRemoves(one, files.get(one.path) ?? '')
  return [...passing.filter((one) => !removes(one)), ...passing.filter(removes)]
}
