/**
 * A hook, a file or a package that failed names no test, and its name goes away with the failure. Then tests pass in its place,
 * at least as many as were named there before. `places`: what ids of tests there begin with. Null: it is so; else a sentence.
 */
export function placesPass(
  places: readonly string[],
  before: readonly string[],
  passed: readonly string[],
): string | null {
  for (const place of new Set(places)) {
    const count = (ids: readonly string[]) => ids.filter((id) => id.startsWith(place)).length
    const [was, is] = [count(before), count(passed)]
    if (is === 0) return `no test passes where it failed before: ${place || 'in the whole run'}`
    if (is < was) return `tests vanished where it failed before: ${was}, then ${is}`
  }
  return null
}
