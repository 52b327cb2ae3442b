import type { Oid } from '../../model/oid.ts'

/** Path → digests of what runs left there; an empty set: the runs restored the old content. */
export type WrittenJudges = Map<string, Set<string>>

/** Judges that the command may write, learnt from runs of trusted code. Each run gets copies of its own. */
export interface WritableJudges {
  /** Written by the base's own run. */
  readonly base: WrittenJudges
  /** Written by the first run of the red tree, which may hold tests of the change. */
  readonly red: WrittenJudges
  /** Trees without the change's product → the record of their writes. */
  readonly by: Map<Oid, WrittenJudges>
}

export function noWritableJudges(): WritableJudges {
  return { base: new Map(), red: new Map(), by: new Map() }
}

/** Records which judges a run wrote, and what it left in those that it did not restore. */
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

/** Some of these paths, for a sentence. */
export function listSomePaths(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : ''
  return paths.slice(0, NAMED).join(', ') + more
}
