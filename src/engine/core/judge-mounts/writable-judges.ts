import type { Oid } from '../../model/oid.ts'

/** Path → digests of what runs left there; none: they put it back. */
export type WrittenJudges = Map<string, Set<string>>

/** Judges that the command may write, learnt from runs of code that nobody has to distrust: each run has copies of its own. */
export interface WritableJudges {
  /** Written by the base's own run. */
  readonly base: WrittenJudges
  /** Written by the first run of the red tree, which may hold tests of the change. */
  readonly red: WrittenJudges
  /** Trees without the change's product → where their writes are remembered. */
  readonly by: Map<Oid, WrittenJudges>
}

export function noWritableJudges(): WritableJudges {
  return { base: new Map(), red: new Map(), by: new Map() }
}

/** Remembers what a run wrote and, of that, what it did not put back. */
export function rememberWrites(
  written: WrittenJudges,
  moved: readonly string[],
  left: ReadonlyMap<string, string>,
): void {
  for (const path of moved) {
    const digests = written.get(path) ?? new Set<string>()
    const digest = left.get(path)
    if (digest !== undefined) digests.add(digest)
    written.set(path, digests)
  }
}

const NAMED = 5

/** Paths for a sentence. */
export function listSomePaths(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : ''
  return paths.slice(0, NAMED).join(', ') + more
}
