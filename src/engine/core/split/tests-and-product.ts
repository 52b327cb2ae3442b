import type { Change, TreeEdits } from '../../model/change.ts'
import type { JudgeClassifier } from '../judges/index.ts'
import { keepsAssertions } from '../program-under-test/index.ts'

/** A change split into product and judges. */
export interface ChangeSplit {
  readonly product: readonly Change[]
  /** Test files that the change adds, edits or deletes; with them the base must be red. */
  readonly tests: readonly Change[]
  /** All other judges that it touches: configuration of tests and runners, CI. */
  readonly other: readonly Change[]
  /** Product files that the command itself runs; nothing outside of them decides. */
  readonly programs: readonly string[]
}

export function splitChange(changes: readonly Change[], judgeOf: JudgeClassifier): ChangeSplit {
  const judged = changes.map((change) => ({ change, judge: judgeOf(change.path, { added: change.before === null }) }))
  const of = (wanted: (judge: string | null) => boolean) =>
    judged.filter(({ judge }) => wanted(judge)).map(({ change }) => change)
  return {
    product: of((judge) => judge === null),
    tests: of((judge) => judge === 'test'),
    other: of((judge) => judge !== null && judge !== 'test'),
    programs: [],
  }
}

/**
 * Like `splitChange`, if a file that the command runs may be the program under test: it counts as product as long as the
 * change keeps its checks.
 */
export async function splitChangeWithPrograms(
  changes: readonly Change[],
  judgeOf: JudgeClassifier,
  isProgram: (path: string) => boolean,
  read: ReadBlob,
): Promise<ChangeSplit> {
  const programs: string[] = []
  const judges: string[] = []
  for (const { path, before, after } of changes.filter((change) => isProgram(change.path))) {
    const kept = before !== null && after !== null && keepsAssertions(await read(before.oid), await read(after.oid))
    const list = kept ? programs : judges
    list.push(path)
  }
  const parts = splitChange(changes, (path, context) =>
    programs.includes(path) ? null : judges.includes(path) ? 'test' : judgeOf(path, context),
  )
  return { ...parts, programs }
}

/** Every judge that a change touches, including tests that it adds: all files that could make it green without a fix. */
export function touchedJudges({ tests, other }: ChangeSplit): readonly Change[] {
  return [...tests, ...other]
}

/**
 * The changes that turn the base into the red tree: the tests that a change brings. If the change consists only of judges
 * that may be changed, they are what is proved, and the base has to be red without them.
 */
export function broughtTests(parts: ChangeSplit, mayChange: (path: string) => boolean): readonly Change[] {
  return parts.product.length === 0 && touchedJudges(parts).every(({ path }) => mayChange(path)) ? [] : parts.tests
}

export type ReadBlob = (oid: string) => Promise<Uint8Array>

/** Edits that set each path to this `side` of its change. */
export function editsToSide(changes: readonly Change[], side: 'before' | 'after'): TreeEdits {
  return new Map(changes.map((change) => [change.path, change[side]]))
}

/** The contents on one side; for a link its target, for a submodule its commit, as git shows them. */
export async function contentsOfSide(
  changes: readonly Change[],
  side: 'before' | 'after',
  read: ReadBlob,
): Promise<ReadonlyMap<string, { readonly bytes: Uint8Array; readonly mode: '100644' | '100755' } | null>> {
  const all = changes.map(async ({ path, [side]: end }) => {
    if (end === null) return [path, null] as const
    const gitlink = () => new TextEncoder().encode(`Subproject commit ${end.oid}\n`)
    const bytes = end.mode === '160000' ? gitlink() : await read(end.oid)
    return [path, { bytes, mode: end.mode === '100755' ? '100755' : '100644' }] as const
  })
  return new Map(await Promise.all(all))
}
