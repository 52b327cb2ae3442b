import { bought, edits } from '../core/split.ts'
import { lost } from '../core/suite.ts'
import type { Change } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { undecidedOutcome } from './baseline.ts'
import type { Candidate } from './candidate.ts'
import { census } from './census.ts'
import { ifMeant, meant } from './meant.ts'
import { type Outcome, outcome } from './outcome.ts'
import { allGreen, type Measurement, measure, type Round } from './round.ts'
import type { Session } from './session.ts'
import { compared } from './suites.ts'
import { twice } from './twice.ts'

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
  const run = (on: string, folder: string) => measure(session, { tree, on, keep: folder })
  const round = await run("green with the base's judges", keep)
  const own =
    change.redTree === session.base.tree
      ? base
      : await measure(session, { tree: session.base.tree, on: "base with the base's judges", keep: `${keep}_red` })
  const cut = undecidedOutcome(session, round) ?? undecidedOutcome(session, own)
  if (cut) return cut
  const against = (one: Round) => firstHeld(session, change, one, own, judges)
  const again = () => run("once more with the base's judges", `${keep}/again`)
  const end = await twice(session, round, again, against, 'under the judges of the base')
  if (end) return end
  for (const [at, now] of round.measurements.entries()) {
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

async function firstHeld(
  session: Session,
  change: Candidate,
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
  session: Session,
  change: Candidate,
  now: Measurement,
  was: Measurement,
  judges: readonly Change[],
): Promise<Outcome | null> {
  const { reading: is, target } = now
  // A base without tests of its own has nothing that could be bought.
  if (is.is === 'invalid' && was.reading.is === 'invalid') return null
  if (is.is !== 'green')
    return meant(
      session,
      changed(`green only because judges changed: under the base's own ${target.name} is ${is.is}`, judges),
      judges,
      now,
    )
  const suite = await compared(session, change, was, now.tests)
  return suite.ok ? null : outcome('RIGGED', `${target.name}, under the base's own judges: ${suite.reason}`)
}

async function underNewJudges(session: Session, change: Candidate): Promise<Outcome | null> {
  const other = change.split.other.filter(({ path }) => session.allowedBy(path) === null)
  if (other.length === 0) return null
  const tree = await session.objects.edit(change.redTree, await edits(other, 'after', reading(session)))
  const keep = 'verification/judges_of_change_red'
  const run = (on: string, folder: string) => measure(session, { tree, on, keep: folder })
  const round = await run("red with the change's judges", keep)
  const bought = changed('green with the judges of the change alone, without its product', other)
  const against = (one: Round) => (allGreen(one) ? meant(session, bought, other, null) : null)
  const again = () => run("once more with the change's judges", `${keep}/again`)
  return undecidedOutcome(session, round) ?? twice(session, round, again, against, 'under the judges of the change')
}

function reading(session: Session): (oid: Oid) => Promise<Uint8Array> {
  return (oid) => session.objects.read(oid)
}

function changed(what: string, judges: readonly Change[]): Outcome {
  const names = judges.map(({ path }) => path)
  return outcome('TESTS_CHANGED', `${what} (${names.slice(0, 3).join(', ')})`)
}
