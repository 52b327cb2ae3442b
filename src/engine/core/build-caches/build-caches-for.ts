import type { BuildCache } from './build-cache.ts'
import { buildCaches } from './caches/index.generated.ts'

/** The caches that compilers of a tree with these paths use. */
export function buildCachesFor(paths: Iterable<string>): readonly BuildCache[] {
  const left = new Set<BuildCache>(buildCaches)
  const found: BuildCache[] = []
  for (const path of paths) {
    if (left.size === 0) break
    for (const cache of left) {
      if (!cache.usedFor(path)) continue
      left.delete(cache)
      found.push(cache)
    }
  }
  return found
}
