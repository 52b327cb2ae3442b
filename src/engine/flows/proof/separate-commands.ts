import { FOLDERS } from '../../core/bundle-layout/index.ts'
import { editsToPutBack, judgesToPutBack, touchedJudges } from '../../core/split/index.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { allGreen, measureTree, onceMore, type Round, type RoundSpec, undecidedOutcome } from '../measure/index.ts'
import { decideByTwoRuns, testsChangedOutcome } from '../repeat/index.ts'
import { type Outcome, outcome } from '../session/index.ts'
import { filesOfTheBase, neededOutcome } from './data-of-the-base.ts'
import type { Proving } from './proving.ts'

/** Runs the commands of `verify.also` with the change: they must pass with its own judges and with those of the base. */
export async function separateCommands(
  session: Proving,
  change: ChangeCandidate,
  notShown: string[],
  needs: string[],
): Promise<Outcome | null> {
  const { also } = session.settings
  if (also.length === 0) {
    notShown.push('no separate command was run (verify.also is empty)')
    return null
  }
  const spec: RoundSpec = {
    ...{ tree: change.tree, step: { is: 'also' }, keep: FOLDERS.also, targets: also },
    writeAccess: 'base',
  }
  const end = await mustPass(session, spec, (name) =>
    outcome('NOT_FIXED', `the separate command ${name} does not pass`),
  )
  return end ?? (await withJudgesOfTheBase(session, change, spec)) ?? withDataOfTheBase(session, change, spec, needs)
}

/** Adds to `needs` the files that are neither judges nor product and without whose changes a separate command does not pass. */
async function withDataOfTheBase(
  session: Proving,
  change: ChangeCandidate,
  spec: RoundSpec,
  needs: string[],
): Promise<Outcome | null> {
  const data = await filesOfTheBase(session, change)
  if (data === null) return null
  const tree = await session.objects.edit(change.tree, data.edits)
  const under: RoundSpec = { ...spec, tree, step: { is: 'also-base-data' }, keep: FOLDERS.alsoBaseData }
  const round = await measureTree(session, under)
  const cut = undecidedOutcome(session, round)
  if (cut) return cut
  return allGreen(round) || allGreen(await measureTree(session, onceMore(under)))
    ? null
    : neededOutcome(session, data.paths, needs)
}

async function withJudgesOfTheBase(
  session: Proving,
  change: ChangeCandidate,
  spec: RoundSpec,
): Promise<Outcome | null> {
  const { settings, objects, allowedBy } = session
  const touched = touchedJudges(change.split).filter(({ path }) => allowedBy(path) === null)
  const inside = change.split.inside.filter((one) => allowedBy(one.change.path) === null)
  if (settings.allowJudgeChanges || touched.length + inside.length === 0) return null
  const paths = (await objects.list(change.tree)).map(({ path }) => path)
  const judges = judgesToPutBack(touched, settings.also, paths) ?? touched
  const tree = await objects.edit(change.tree, editsToPutBack(judges, inside))
  const changed = [...judges, ...inside.map((one) => one.change)]
  const names = changed.slice(0, 3).map(({ path }) => path)
  const under: RoundSpec = { ...spec, tree, step: { is: 'also-base-judges' }, keep: FOLDERS.alsoBaseJudges }
  const end = await mustPass(session, under, (name) =>
    outcome(
      'TESTS_CHANGED',
      `the separate command ${name} passes only because judges changed: it does not pass with the base's own judges (${names.join(', ')})`,
    ),
  )
  return end && testsChangedOutcome(session, end, changed, null)
}

/** Null if all separate commands are green; they are run twice before they count against the change. */
async function mustPass(
  session: Proving,
  spec: RoundSpec,
  failure: (name: string) => Outcome,
): Promise<Outcome | null> {
  const round = await measureTree(session, spec)
  const against = ({ measurements }: Round) => {
    const failed = measurements.find(({ reading }) => reading.is !== 'green')
    return failed ? failure(failed.target.name) : null
  }
  const again = () => measureTree(session, onceMore(spec))
  return undecidedOutcome(session, round) ?? decideByTwoRuns(session, round, again, against, 'of a separate command')
}
