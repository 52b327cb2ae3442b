import type { TreeEntry } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import type { Oid } from '../../model/oid.ts'
import type { ClassifyByName } from '../judges/index.ts'
import { foundIn, type JudgesByPath, type Lead, namedBy } from './found-judges.ts'
import { linkedJudges } from './linked-judges.ts'
import { textsOnTheWay } from './texts.ts'

/**
 * The judges of a tree that show without a run, besides those known by their names: the files that the commands name, those
 * that these lead to, and those that a link which is a judge points to.
 */
export async function judgesWithoutRun(
  files: readonly TreeEntry[],
  targets: readonly Target[],
  byName: ClassifyByName,
  read: (oid: Oid) => Promise<Uint8Array>,
): Promise<{ readonly lead: Lead; readonly judges: JudgesByPath }> {
  const texts = await textsOnTheWay(targets, files, byName, read)
  const lead = { targets, paths: files.map(({ path }) => path), texts, byName }
  const linked = await linkedJudges(files, byName, read)
  return {
    lead,
    judges: new Map([...linked.map((one) => [one.path, one] as const), ...foundIn(namedBy(lead), byName)]),
  }
}

/**
 * Judges of an earlier tree that this one still has and does not count. A commit of a range could otherwise stop a file from
 * deciding, for a later commit to change it.
 */
export function earlierJudges(
  earlier: Iterable<FoundJudge>,
  files: readonly { readonly path: string }[],
  known: ReadonlyMap<string, FoundJudge>,
): readonly FoundJudge[] {
  const there = new Set(files.map(({ path }) => path))
  return [...earlier].filter(({ path, judge }) => judge === 'test' && there.has(path) && !known.has(path))
}
