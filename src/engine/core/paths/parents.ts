/** The directories that a path lies in, from the top: 'a' and 'a/b' for 'a/b/c'. */
export function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** A directory and those above it, the top ('') last: 'a/b', 'a' and '' for 'a/b'. */
export function upwardsFrom(directory: string): readonly string[] {
  return directory === '' ? [''] : [directory, ...parentsOf(directory).toReversed(), '']
}
