import type { Change, Edit, TreeEdits } from '../../model/change.ts'
import type { JudgeClassifier } from '../judges/index.ts'
import { keepsAssertions } from '../program-under-test/index.ts'
import { splitRegions, testLines, testsRunBy } from '../test-regions/index.ts'

/** A change split into product and judges. */
export interface ChangeSplit {
  readonly product: readonly Change[]
  /** Test files that the change adds, edits or deletes; with them the base must be red. */
  readonly tests: readonly Change[]
  /** All other judges that it touches: configuration of tests and runners, CI. */
  readonly other: readonly Change[]
  /** Product files that the command itself runs; nothing outside of them decides. */
  readonly programs: readonly string[]
  /** Product files in which the change touches tests as well. */
  readonly inside: readonly MixedFile[]
}

/** A product file in which a change touches tests and product. */
export interface MixedFile {
  readonly change: Change
  /** The product of the change with the tests of the base. */
  readonly withoutTests: Edit
  /** The product of the base with the tests of the change; null if they cannot be told apart well enough. */
  readonly testsOnly: Edit | null
  /** The changed lines of tests, counted in the changed file from 1. */
  readonly lines: readonly number[]
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
    inside: [],
  }
}

/**
 * Takes apart the product files of which the change touches tests inside. A file of which it touches nothing but tests counts
 * as a test. `said`: the command and the judges of the base, which may run examples in documentation.
 */
export async function splitInside(
  parts: ChangeSplit,
  read: ReadBlob,
  said: () => Promise<string>,
): Promise<ChangeSplit> {
  let known: string | undefined
  const inside: MixedFile[] = []
  const tests: Change[] = []
  for (const change of parts.product) {
    const { path, before, after } = change
    if (!isText(before) || !isText(after) || parts.programs.includes(path) || testLines(path, []) === null) continue
    const old = await read(before.oid)
    const runBy = testsRunBy(path)
    if (runBy !== null && !runBy.test(new TextDecoder().decode(old))) {
      known ??= await said()
      if (!runBy.test(known)) continue
    }
    const regions = splitRegions(path, old, await read(after.oid))
    if (regions === null) continue
    const edit = (bytes: Uint8Array): Edit => ({ bytes, mode: after.mode === '100755' ? '100755' : '100644' })
    if (Buffer.compare(regions.withoutTests, old) === 0) tests.push(change)
    else
      inside.push({
        change,
        withoutTests: edit(regions.withoutTests),
        testsOnly: regions.testsOnly && edit(regions.testsOnly),
        lines: regions.lines,
      })
  }
  const product = parts.product.filter((change) => !tests.includes(change))
  return { ...parts, product, tests: [...parts.tests, ...tests], inside }
}

function isText(side: Change['before']): side is NonNullable<Change['before']> {
  return side?.mode.startsWith('100') === true
}

/** Edits that put judges back, those inside of product files as well. */
export function editsToPutBack(judges: readonly Change[], inside: readonly MixedFile[]): TreeEdits {
  return new Map([
    ...editsToSide(judges, 'before'),
    ...inside.map(({ change, withoutTests }) => [change.path, withoutTests] as const),
  ])
}

/** Edits that bring the tests of a change to the base, those inside of product files as well. */
export function editsToBring(tests: readonly Change[], inside: readonly MixedFile[]): TreeEdits {
  const mixed = inside.flatMap(({ change, testsOnly }) =>
    testsOnly === null ? [] : [[change.path, testsOnly] as const],
  )
  return new Map([...editsToSide(tests, 'after'), ...mixed])
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

/** The judges of the base that a change touches, and those that it adds, except for whole test files. */
export function judgesInTheWay({ tests, other, inside }: ChangeSplit): readonly string[] {
  const edited = tests.filter(({ before }) => before !== null)
  return [...edited, ...other, ...inside.map(({ change }) => change)].map(({ path }) => path)
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
