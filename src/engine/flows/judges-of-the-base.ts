import { bought, edits } from '../core/split.ts'
import { compareSuites, lost } from '../core/suite.ts'
import type { Change } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { undecidedOutcome } from './baseline.ts'
import { census } from './census.ts'
import type { Candidate } from './examine.ts'
import { ifMeant, meant } from './meant.ts'
import { type Outcome, outcome } from './outcome.ts'
import { allGreen, type Measurement, measure, type Round } from './round.ts'
import type { Session } from './session.ts'

/**
 * Whether judges that a change touches bought its green. Two questions: is its product green under the base's own judges, with
 * every test that it adds out again (a test that was added runs in one process with the old ones and could mend the product for
 * them)? And are its own judges, configuration included, still red without its product?
 */
export async function judgesOfTheBase(
  session: Session,
  change: Candidate,
  base: Round,
  green: Round,
  notShown: string[],
): Promise<Outcome | null> {
  const mayChange = ({ path }: Change) => session.allowedBy(path) !== null
  const judges = bought(change.split).filter((one) => !mayChange(one))
  if (judges.length < bought(change.split).length)
    notShown.push(
      `judges that may be changed were taken as they are: ${bought(change.split)
        .filter(mayChange)
        .map(({ path }) => path)
        .join(', ')}`,
    )
  if (judges.length === 0) return null
  if (session.settings.allowJudgeChanges) {
    const names = judges.map(({ path }) => path).join(', ')
    notShown.push(`judges that the change touches were taken as they are, as the policy allows: ${names}`)
    return null
  }
  return (await underOldJudges(session, change, { base, green }, judges)) ?? (await underNewJudges(session, change))
}

async function underOldJudges(
  session: Session,
  change: Candidate,
  { base, green }: { readonly base: Round; readonly green: Round },
  judges: readonly Change[],
): Promise<Outcome | null> {
  const tree = await session.objects.edit(change.tree, await edits(judges, 'before', reading(session)))
  const keep = 'verification/judges_of_base'
  const round = await measure(session, { tree, on: "green with the base's judges", keep })
  const own =
    change.redTree === session.base.tree
      ? base
      : await measure(session, { tree: session.base.tree, on: "base with the base's judges", keep: `${keep}_red` })
  const cut = undecidedOutcome(session, round) ?? undecidedOutcome(session, own)
  if (cut) return cut
  for (const [at, now] of round.measurements.entries()) {
    const end = held(now, own.measurements[at] ?? now, judges)
    if (end) return meant(session, end, judges, now)
    const loss = await lossOf(session, [tree, now], [change.tree, green.measurements[at] ?? now], judges)
    if (loss) return loss
  }
  return null
}

/** By name where the runner can be made to tell; only a judge that was there before can ask less than it did. */
async function lossOf(
  session: Session,
  [oldTree, old]: readonly [Oid, Measurement],
  [newTree, now]: readonly [Oid, Measurement],
  judges: readonly Change[],
): Promise<Outcome | null> {
  if (judges.every(({ before }) => before === null)) return null
  const listed = await census(session, [oldTree, old], [newTree, now])
  if (listed !== null && 'verdict' in listed) return listed
  const [before, after] = listed ?? [old.tests, now.tests]
  const what = lost(before, after)
  return what === null
    ? null
    : outcome(
        'RIGGED',
        `${now.target.name}: ${what}`,
        ifMeant(
          session,
          judges.map(({ path }) => path),
        ),
      )
}

function held(now: Measurement, was: Measurement, judges: readonly Change[]): Outcome | null {
  const { reading: is, target } = now
  // A base without tests of its own has nothing that could be bought.
  if (is.is === 'invalid' && was.reading.is === 'invalid') return null
  if (is.is !== 'green')
    return changed(`green only because judges changed: under the base's own ${target.name} is ${is.is}`, judges)
  const suite = compareSuites(was.tests, now.tests)
  return suite.ok ? null : outcome('RIGGED', `${target.name}, under the base's own judges: ${suite.reason}`)
}

async function underNewJudges(session: Session, change: Candidate): Promise<Outcome | null> {
  const other = change.split.other.filter(({ path }) => session.allowedBy(path) === null)
  if (other.length === 0) return null
  const tree = await session.objects.edit(change.redTree, await edits(other, 'after', reading(session)))
  const keep = 'verification/judges_of_change_red'
  const round = await measure(session, { tree, on: "red with the change's judges", keep })
  const cut = undecidedOutcome(session, round)
  if (cut) return cut
  if (!allGreen(round)) return null
  return meant(session, changed('green with the judges of the change alone, without its product', other), other, null)
}

function reading(session: Session): (oid: Oid) => Promise<Uint8Array> {
  return (oid) => session.objects.read(oid)
}

function changed(what: string, judges: readonly Change[]): Outcome {
  const names = judges.map(({ path }) => path)
  return outcome('TESTS_CHANGED', `${what} (${names.slice(0, 3).join(', ')})`)
}
