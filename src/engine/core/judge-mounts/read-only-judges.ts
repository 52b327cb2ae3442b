/**
 * How many judges are mounted read-only, one by one. bubblewrap takes at most 9,000 arguments (three for each mount), and
 * mount(8) takes longer for each further mount.
 */
export const MOST_MOUNTED = 1_000

/**
 * The judges that are mounted read-only. If there are too many, those nearest to the top are taken, because configuration is
 * there.
 */
export function judgesToMount(judges: readonly string[]): readonly string[] {
  if (judges.length <= MOST_MOUNTED) return judges
  const depth = (path: string) => path.split('/').length
  return judges.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, MOST_MOUNTED)
}
