import type { Change, TreeEntry } from '../../model/change.ts'

/**
 * Added paths that a file system without case (or with Unicode normalisation) would confuse, as a whole or in a directory,
 * with another path of the result: path → the other spelling. Collisions that existed before are not reported.
 */
export function caseCollisions(changes: readonly Change[], base: readonly TreeEntry[]): ReadonlyMap<string, string> {
  const added = changes.filter((change) => change.before === null && change.after !== null).map(({ path }) => path)
  if (added.length === 0) return new Map()
  const gone = new Set(changes.filter((change) => change.after === null).map(({ path }) => path))
  const kept = base.map((entry) => entry.path).filter((path) => !gone.has(path))
  const wanted = new Set(added.flatMap(prefixes).map(fold))
  const spellings = new Map<string, Set<string>>()
  let last = ''
  for (const path of [...kept, ...added]) {
    const directory = path.slice(0, path.lastIndexOf('/') + 1)
    for (const one of directory === last ? [path] : prefixes(path)) {
      const folded = fold(one)
      if (!wanted.has(folded)) continue
      spellings.set(folded, (spellings.get(folded) ?? new Set()).add(one))
    }
    last = directory
  }
  const found = new Map<string, string>()
  for (const path of added)
    for (const one of prefixes(path)) {
      const other = [...(spellings.get(fold(one)) ?? [])].find((spelling) => spelling !== one)
      if (other !== undefined && !found.has(path)) found.set(path, other)
    }
  return found
}

/** 'a/b/c' → 'a', 'a/b', 'a/b/c'. */
function prefixes(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'))
}

/** Converting to upper case and back folds characters that lower case alone does not fold, such as ß and ſ. */
function fold(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}
