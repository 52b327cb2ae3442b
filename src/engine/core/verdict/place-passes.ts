/**
 * A hook, a file or a package that failed names no test, and its name goes away with the failure. Whether tests pass in its
 * place now, at least as many as were named there before. `place`: what ids of tests there begin with.
 */
export function placePasses(place: string, before: readonly string[], passed: readonly string[]): boolean {
  const count = (ids: readonly string[]) => ids.filter((id) => id.startsWith(place)).length
  return count(passed) > 0 && count(passed) >= count(before)
}
