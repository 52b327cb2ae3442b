/**
 * A failed hook, file or package is not a test, and its name disappears together with the failure. This checks that tests
 * pass in its place now, at least as many as were named there before. `place`: the prefix of the ids of tests there.
 */
export function placePasses(place: string, before: readonly string[], passed: readonly string[]): boolean {
  const count = (ids: readonly string[]) => ids.filter((id) => id.startsWith(place)).length
  return count(passed) > 0 && count(passed) >= count(before)
}
