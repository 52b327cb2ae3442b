import { FOLDERS } from '../../core/bundle-layout/index.ts'
import { editsToPutBack, editsToSide, judgesToPutBack, type MixedFile, touchedJudges } from '../../core/split/index.ts'
import { firstLostTest } from '../../core/verdict/index.ts'
import type { Change } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { intendedChangeHint } from '../judges/index.ts'
import {
  allGreen,
  type Measurement,
  measureTree,
  onceMore,
  type Round,
  type RoundSpec,
  redMeasurements,
  tamperedJudges,
  undecidedOutcome,
} from '../measure/index.ts'
import { decideByTwoRuns, listTests, testsChangedOutcome } from '../repeat/index.ts'
import { type Outcome, outcome } from '../session/index.ts'
import type { Baseline } from './baseline.ts'
import type { Proving } from './proving.ts'
import { compareReports } from './suite-outcome.ts'

/** What the first runs showed. `looks`: after this many green runs a failure would have shown itself. */
interface FirstRuns {
  readonly base: Baseline
  readonly green: Round
  readonly looks: number
}

/** What is put back to the base: judges that the change touches, and the tests inside of product files. */
interface PutBack {
  readonly judges: readonly Change[]
  readonly inside: readonly MixedFile[]
}

function touchedBy({ judges, inside }: PutBack): readonly Change[] {
  return [...judges, ...inside.map(({ change }) => change)]
}

/**
 * Whether the change is green only because of the judges that it touches. It asks two questions. Is its product green under
 * the base's own judges, without the tests that it adds? (An added test runs in one process with the old ones and could
 * repair the product for them.) And are its own judges, including configuration, still red without its product?
 */
export async function judgesOfTheBase(
  session: Proving,
  change: ChangeCandidate,
  seen: FirstRuns,
  notShown: string[],
): Promise<Outcome | null> {
  const mayChange = ({ path }: Change) => session.allowedBy(path) !== null
  const judges = touchedJudges(change.split).filter((one) => !mayChange(one))
  if (judges.length < touchedJudges(change.split).length)
    notShown.push(
      `judges that the change was allowed to edit, and that were not checked: ${touchedJudges(change.split)
        .filter(mayChange)
        .map(({ path }) => path)
        .join(', ')}`,
    )
  const inside = change.split.inside.filter((one) => !mayChange(one.change))
  if (judges.length + inside.length === 0) return null
  if (session.settings.allowJudgeChanges) {
    const names = touchedBy({ judges, inside })
      .map(({ path }) => path)
      .join(', ')
    notShown.push(`judges that the change edits, as the policy allows, and that were not checked: ${names}`)
    return null
  }
  return (
    (await underOldJudges(session, change, seen, { judges, inside })) ??
    (await underNewJudges(session, change, seen.looks))
  )
}

async function underOldJudges(
  session: Proving,
  change: ChangeCandidate,
  { base, green, looks }: FirstRuns,
  put: PutBack,
): Promise<Outcome | null> {
  const judges = touchedBy(put)
  const tree = await session.objects.edit(change.tree, editsToPutBack(put.judges, put.inside))
  const step = { is: 'green-base-judges' } as const
  const listing = { testListing: 'of the command' } as const
  const spec: RoundSpec = { tree, step, keep: FOLDERS.baseJudges, writeAccess: 'base', ...listing }
  const round = await steady(session, spec, looks, allGreen)
  const own = base.own ?? base.round
  const cut = tamperedJudges(session, round, 'base') ?? undecidedOutcome(session, round)
  if (cut) return cut
  const against = (one: Round) => firstHeld(session, change, one, own, judges)
  const again = () => measureTree(session, onceMore(spec))
  // Where a failure shows only sometimes, `looks` runs were enough.
  const end =
    looks > 1
      ? await against(round)
      : await decideByTwoRuns(session, round, again, against, 'with the judges of the base')
  if (end) return end
  const could = round.measurements.every(({ reading }) => reading.is !== 'invalid')
  const asked = could
    ? { ok: true as const, tree, round }
    : await withNamed(session, change, { base, green, looks }, put)
  if (!asked.ok) return asked.end
  for (const [at, now] of asked.round.measurements.entries()) {
    const loss = await lossOf(session, [asked.tree, now], [change.tree, green.measurements[at] ?? now], judges)
    if (loss) return loss
  }
  return null
}

type BaseJudgesRound =
  | { readonly ok: true; readonly tree: Oid; readonly round: Round }
  | { readonly ok: false; readonly end: Outcome | null }

/**
 * Used if the base's own judges cannot be run because the command names a test file that only the change has: does the same,
 * but keeps such files. There is nothing to check if the change edits no judge of the base.
 */
async function withNamed(
  session: Proving,
  change: ChangeCandidate,
  { looks }: FirstRuns,
  { judges, inside }: PutBack,
): Promise<BaseJudgesRound> {
  const paths = (await session.objects.list(change.tree)).map(({ path }) => path)
  const left = judgesToPutBack(judges, session.targets, paths)
  if (left === null) return { ok: false, end: null }
  const tree = await session.objects.edit(change.tree, editsToPutBack(left, inside))
  const spec: RoundSpec = { tree, step: { is: 'green-named-tests' }, keep: FOLDERS.baseJudgesNamed }
  const round = await steady(session, spec, looks, allGreen)
  const cut = tamperedJudges(session, round) ?? undecidedOutcome(session, round)
  if (cut) return { ok: false, end: cut }
  const bought = changed("green only because judges changed: with the base's own judges it is not green", left)
  const against = (one: Round) =>
    allGreen(one) ? null : testsChangedOutcome(session, bought, left, one.measurements[0] ?? null)
  const again = () => measureTree(session, onceMore(spec))
  const end =
    looks > 1
      ? await against(round)
      : await decideByTwoRuns(session, round, again, against, 'with the judges of the base')
  return end ? { ok: false, end } : { ok: true, tree, round }
}

/** Compares tests by name if the runner can list them. Only a judge that existed before can test less than it did. */
async function lossOf(
  session: Proving,
  [oldTree, old]: readonly [Oid, Measurement],
  [newTree, now]: readonly [Oid, Measurement],
  judges: readonly Change[],
): Promise<Outcome | null> {
  if (judges.every(({ before }) => before === null)) return null
  const listed = await listTests(session, [oldTree, old], [newTree, now])
  if (listed !== null && 'verdict' in listed) return listed
  const [before, after] = listed ?? [old.tests, now.tests]
  const what = firstLostTest(before, after)
  return what === null
    ? null
    : outcome(
        'RIGGED',
        `${now.target.name}: ${what}`,
        intendedChangeHint(
          session,
          judges.map(({ path }) => path),
        ),
      )
}

async function firstHeld(
  session: Proving,
  change: ChangeCandidate,
  round: Round,
  own: Round,
  judges: readonly Change[],
): Promise<Outcome | null> {
  for (const [at, now] of round.measurements.entries()) {
    const end = await held(session, change, now, own.measurements[at] ?? now, judges)
    if (end) return end
  }
  return null
}

async function held(
  session: Proving,
  change: ChangeCandidate,
  now: Measurement,
  was: Measurement,
  judges: readonly Change[],
): Promise<Outcome | null> {
  const { reading: is, target } = now
  // If the base has no tests of its own, the change could not weaken any.
  if (is.is === 'invalid' && was.reading.is === 'invalid') return null
  if (is.is !== 'green')
    return testsChangedOutcome(
      session,
      changed(`green only because judges changed: with the base's own judges, ${target.name} is ${is.is}`, judges),
      judges,
      now,
    )
  const suite = await compareReports(session, change, was, now.tests)
  return suite.ok ? null : outcome('RIGGED', `${target.name}, with the base's own judges: ${suite.reason}`)
}

async function underNewJudges(session: Proving, change: ChangeCandidate, looks: number): Promise<Outcome | null> {
  const other = change.split.other.filter(({ path }) => session.allowedBy(path) === null)
  if (other.length === 0) return null
  const tree = await session.objects.edit(change.redTree, editsToSide(other, 'after'))
  const spec: RoundSpec = { tree, step: { is: 'red-change-judges' }, keep: FOLDERS.changeJudgesRed }
  const round = await steady(session, spec, looks, (one) => redMeasurements(one).length === 0)
  const bought = changed(
    'the judges of the change alone turn the command green, without any change of the product',
    other,
  )
  const against = (one: Round) => (allGreen(one) ? testsChangedOutcome(session, bought, other, null) : null)
  const again = () => measureTree(session, onceMore(spec))
  const cut = undecidedOutcome(session, round)
  if (cut || looks > 1) return cut ?? against(round)
  return decideByTwoRuns(session, round, again, against, 'with the judges of the change')
}

/** Runs this many times and returns the first round that is not `usual`; else the first round of all, whose evidence is kept. */
async function steady(
  session: Proving,
  spec: RoundSpec,
  looks: number,
  usual: (round: Round) => boolean,
): Promise<Round> {
  const first = await measureTree(session, spec)
  for (let k = 2; k <= looks && usual(first); k++) {
    const again = await measureTree(session, { ...spec, step: { ...spec.step, n: k }, keep: null })
    if (!usual(again)) return again
  }
  return first
}

function changed(what: string, judges: readonly Change[]): Outcome {
  const names = judges.map(({ path }) => path)
  return outcome('TESTS_CHANGED', `${what} (${names.slice(0, 3).join(', ')})`)
}
