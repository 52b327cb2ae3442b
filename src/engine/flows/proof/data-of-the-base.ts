import { FOLDERS } from '../../core/bundle-layout/index.ts'
import { listSomePaths } from '../../core/judge-mounts/index.ts'
import { editsToPutBack, touchedJudges } from '../../core/split/index.ts'
import type { Change } from '../../model/change.ts'
import { classifyChange, intendedChangeHint, lacksProduct, unnamedOf } from '../judges/index.ts'
import { allGreen, measureTree, onceMore, type RoundSpec, undecidedOutcome } from '../measure/index.ts'
import { type ChangeCandidate, type Outcome, outcome } from '../session/index.ts'
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
 * Finds out whether a change is green only with its own versions of data that the run of the base reads, such as expected
 * values. Adds their paths to `needs`. `looks`: after this many green runs a failure would have shown itself.
 */
export async function dataOfTheBase(
  session: Proving,
  change: ChangeCandidate,
  looks: number,
  needs: string[],
): Promise<Outcome | null> {
  const read = unnamedOf(session, await classifyChange(session, change.changes), 'read')
  const data = change.changes.filter(({ path, before }) => before !== null && read.includes(path))
  if (data.length === 0) return null
  const isKept = ({ path }: Change) => !session.settings.allowJudgeChanges && session.allowedBy(path) === null
  const judges = touchedJudges(change.split).filter(isKept)
  const inside = change.split.inside.filter((one) => isKept(one.change))
  const tree = await session.objects.edit(change.tree, editsToPutBack([...judges, ...data], inside))
  const spec: RoundSpec = { tree, step: { is: 'green-base-data' }, keep: FOLDERS.baseData, writeAccess: 'base' }
  let round = await measureTree(session, spec)
  for (let k = 2; k <= looks && allGreen(round); k++) round = await measureTree(session, { ...spec, keep: null })
  const cut = undecidedOutcome(session, round)
  if (cut) return cut
  if (allGreen(round) || allGreen(await measureTree(session, onceMore(spec)))) return null
  needs.push(...data.map(({ path }) => path))
  return session.settings.judgesObserved === 'remark'
    ? null
    : outcome('TESTS_CHANGED', `${needsPhrase(needs)}, but tests.observed is deny`, intendedChangeHint(session, needs))
}

/** What a proof says first about data without which the change is not green. */
export function needsPhrase(needs: readonly string[]): string {
  return `it needs changes in data that the command reads: ${listSomePaths(needs)}`
}
