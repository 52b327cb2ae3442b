import { FOLDERS } from '../../core/bundle-layout/index.ts'
import { listSomePaths } from '../../core/judge-mounts/index.ts'
import { isSourceFile } from '../../core/paths/index.ts'
import { editsToPutBack, editsToSide, touchedJudges } from '../../core/split/index.ts'
import type { Change, TreeEdits } from '../../model/change.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { calledByRunner, classifyChange, intendedChangeHint, lacksProduct, unnamedOf } from '../judges/index.ts'
import { allGreen, measureTree, onceMore, type Round, type RoundSpec, undecidedOutcome } from '../measure/index.ts'
import { decideByTwoRuns } from '../repeat/index.ts'
import { type Outcome, outcome } from '../session/index.ts'
import type { Proving } from './proving.ts'

/**
 * Refuses a change without product: it edits nothing that the run of the base executes, so it can only have changed what the
 * command compares with. Null if it has product, if its files are named by the policy or the user, or if nothing was observed.
 */
export async function changeWithoutProduct(session: Proving, { changes }: ChangeCandidate): Promise<Outcome | null> {
  const classes = await classifyChange(session, changes)
  if (!lacksProduct(session, classes)) return null
  const data = unnamedOf(session, classes, 'read')
  const unseen = unnamedOf(session, classes, 'not seen')
  const parts = [
    ...(data.length > 0 ? [`only read ${listSomePaths(data)}`] : []),
    ...(unseen.length > 0 ? [`did not read ${listSomePaths(unseen)}`] : []),
  ]
  return outcome(
    'TESTS_CHANGED',
    `the change edits no product: the run of the base ${parts.join(' and ')}, and executes no file that the change edits`,
    intendedChangeHint(session, [...data, ...unseen]),
  )
}

/**
 * The edits that give a tree the files of the base, except for product that holds neither fixtures nor hooks, and except for
 * judges that may be changed.
 */
interface BaseData {
  readonly edits: TreeEdits
  readonly paths: readonly string[]
}

/**
 * The files of a change that are neither judges nor product, as the base has them, with the judges of the base. That is data
 * that the run of the base read, and whatever it did not read: a test may read a file only if it is there. Product with fixtures
 * or hooks is put back as well. Null: there are none.
 */
export async function filesOfTheBase(session: Proving, change: ChangeCandidate): Promise<BaseData | null> {
  const classes = await classifyChange(session, change.changes)
  const data = [...unnamedOf(session, classes, 'read'), ...unnamedOf(session, classes, 'not seen')]
  const paths = [...data, ...(await calledByRunner(session, change.changes))]
  if (paths.length === 0) return null
  const isKept = ({ path }: Change) => !session.settings.allowJudgeChanges && session.allowedBy(path) === null
  const judges = touchedJudges(change.split).filter(isKept)
  const inside = change.split.inside.filter((one) => isKept(one.change))
  const put = change.changes.filter(({ path }) => paths.includes(path))
  return { edits: editsToPutBack([...judges, ...put], inside), paths }
}

/**
 * Finds out whether a change is green only with its own versions of files that are neither judges nor product, such as expected
 * values. Adds their paths to `needs`. `looks`: after this many green runs a failure would have shown itself.
 */
export async function dataOfTheBase(
  session: Proving,
  change: ChangeCandidate,
  looks: number,
  needs: string[],
): Promise<Outcome | null> {
  const data = await filesOfTheBase(session, change)
  if (data === null) return null
  const tree = await session.objects.edit(change.tree, data.edits)
  const spec: RoundSpec = { tree, step: { is: 'green-base-data' }, keep: FOLDERS.baseData, writeAccess: 'base' }
  let round = await measureTree(session, spec)
  for (let k = 2; k <= looks && allGreen(round); k++) round = await measureTree(session, { ...spec, keep: null })
  const cut = undecidedOutcome(session, round)
  if (cut) return cut
  if (allGreen(round) || allGreen(await measureTree(session, onceMore(spec)))) return null
  return neededOutcome(session, data.paths, needs) ?? dataAlone(session, change)
}

/**
 * Refuses a change whose data, with its judges, make the command green: its product then has no part in it, and the command may
 * only compare with other values.
 */
async function dataAlone(session: Proving, { changes, split, redTree }: ChangeCandidate): Promise<Outcome | null> {
  const classes = await classifyChange(session, changes)
  // Source that the run did not read may be product that only the change reaches, such as a plugin in a directory.
  const unseen = unnamedOf(session, classes, 'not seen').filter((path) => !isSourceFile(path))
  const paths = [...unnamedOf(session, classes, 'read'), ...unseen]
  if (paths.length === 0) return null
  const judges = split.other.filter(({ path }) => session.allowedBy(path) === null)
  const data = changes.filter(({ path }) => paths.includes(path))
  const tree = await session.objects.edit(redTree, editsToSide([...judges, ...data], 'after'))
  const spec: RoundSpec = { tree, step: { is: 'red-change-data' }, keep: FOLDERS.changeDataRed }
  const reason = `the command failed, but passes with only the changed data and no change of the product: ${listSomePaths(paths)}`
  const against = (round: Round) =>
    allGreen(round) ? outcome('TESTS_CHANGED', reason, intendedChangeHint(session, paths)) : null
  const round = await measureTree(session, spec)
  const again = () => measureTree(session, onceMore(spec))
  const cut = undecidedOutcome(session, round)
  return cut ?? decideByTwoRuns(session, round, again, against, 'with the data of the change')
}

/** Adds to what a change needs; an outcome if the policy takes no such proof. */
export function neededOutcome(session: Proving, paths: readonly string[], needs: string[]): Outcome | null {
  needs.push(...paths.filter((path) => !needs.includes(path)))
  return session.settings.judgesObserved === 'remark'
    ? null
    : outcome('TESTS_CHANGED', `${needsPhrase(needs)}, but tests.observed is deny`, intendedChangeHint(session, needs))
}

/** What a proof says first about data without which the change is not green. */
export function needsPhrase(needs: readonly string[]): string {
  return `it needs changes in data or fixtures that the command reads: ${listSomePaths(needs)}`
}
