import type { DependencyState, DependencyWatch } from '../ports/dependency-watch.ts'
import type { IncludedDependency } from '../ports/workspace.ts'
import { changedBeside, listBeside } from '../state/index.ts'

/** Compares what stands beside the tree by size, inode, mode and times, which nobody can set back all together. */
export function watchDependencies(includes: readonly IncludedDependency[]): DependencyWatch {
  // Includes may stand anywhere, so that they are listed from the root.
  const sources = includes.map(({ source }) => source.replace(/^\/+/, ''))
  const look = () => listBeside('/', sources)
  return {
    look,
    async changedSince(state) {
      const now = look()
      const changed = await changes(state, now)
      return changed?.map((path) => shownPath(includes, `/${path}`)) ?? includes.map(({ path }) => path)
    },
  }
}

/** Null: there was too much to compare. */
async function changes(before: DependencyState, now: DependencyState): Promise<readonly string[] | null> {
  if (before === null && now === null) return []
  return before === null || now === null ? null : changedBeside('/', before, now, {})
}

/** A path as the user knows it: from the top of the work tree. */
function shownPath(includes: readonly IncludedDependency[], file: string): string {
  const include = includes.find(({ source }) => file === source || file.startsWith(`${source}/`))
  return include === undefined ? file : `${include.path}${file.slice(include.source.length)}`
}
