import { furtherFolder } from '../../core/bundle-layout/index.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  allGreen,
  failingTestsOf,
  firstUndecided,
  measureTree,
  onceMore,
  type Round,
  type RoundSpec,
  redMeasurements,
  tamperedJudges,
  undecidedOutcome,
} from '../measure/index.ts'
import { decideByTwoRuns, roundsDifference } from '../repeat/index.ts'
import { type Outcome, outcome } from '../session/index.ts'
import type { Baseline } from './baseline.ts'
import { mixedOutcome } from './mixed-outcome.ts'
import { probeChange } from './probe-change.ts'
import type { Proving } from './proving.ts'
import { suiteOutcome } from './suite-outcome.ts'

export type ExaminedRound =
  | { readonly ok: true; readonly round: Round }
  | { readonly ok: false; readonly round: Round; readonly end: Outcome }

/**
 * One round on the final tree: is every target green, with the suite that was red, and with its judges unchanged? With
 * `probe`, anything that counts against the change is checked in a second run before it is reported.
 */
export async function examineChange(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  { probe, ...run }: Pick<RoundSpec, 'step' | 'keep' | 'cutAfterMs'> & { readonly probe: boolean },
): Promise<ExaminedRound> {
  return examine(session, change, base, { tree: change.tree, testListing: 'of the command', ...run }, probe)
}

/** The same for the failing tests alone, if those are run alone; else for all. */
export async function examineFailingTests(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  { probe, ...run }: Pick<RoundSpec, 'step' | 'keep' | 'cutAfterMs'> & { readonly probe: boolean },
): Promise<ExaminedRound> {
  const { failing } = base
  if (failing === null) return examineChange(session, change, base, { probe, ...run })
  const keep = run.keep === null ? null : furtherFolder(run.keep, 'failing_tests')
  const spec: RoundSpec = { tree: change.tree, targets: failing.targets, ...run, keep }
  const alone = { ...base, round: failing.round, rounds: [failing.round] }
  return examine(session, change, alone, spec, probe, base.round)
}

async function examine(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  spec: RoundSpec,
  probe: boolean,
  whole: Round | null = null,
): Promise<ExaminedRound> {
  const round = await measureTree(session, spec)
  const fail = (end: Outcome): ExaminedRound => ({ ok: false, round, end })
  const cut = tamperedJudges(session, round) === null ? undecidedOutcome(session, round) : null
  if (cut) return fail(cut)
  const against = async (one: Round): Promise<Outcome | null> =>
    tamperedJudges(session, one) ??
    (allGreen(one) ? suiteOutcome(session, change, base.round, one) : outcome('NOT_FIXED', stillRed(one)))
  const asBefore = roundsDifference(base.round, round) === null
  const again = () => measureTree(session, onceMore(spec))
  const end =
    probe && !asBefore ? await decideByTwoRuns(session, round, again, against, 'with the change') : await against(round)
  if (end === null) return { ok: true, round }
  if (end.verdict !== 'NOT_FIXED' || !probe) return fail(end)
  if (asBefore) return fail(await unchangedOutcome(session, change, round, { targets: spec.targets, whole }))
  return fail((await mixedOutcome(session, change, base, round)) ?? end)
}

/**
 * Explains why a change made no difference: the command may not read the changed files, or no file of this work tree. `whole`:
 * the run of all tests without the change, if `round` is of the failing tests alone.
 */
async function unchangedOutcome(
  session: Proving,
  change: ChangeCandidate,
  round: Round,
  { targets, whole }: { readonly targets: RoundSpec['targets']; readonly whole: Round | null },
): Promise<Outcome> {
  const changed = change.split.product.filter(({ after }) => after !== null).map(({ path }) => path)
  const alone = await probeChange(session, { tree: change.tree, targets }, round, changed)
  // A few tests can fail in the same way whatever the files contain, so they do not show alone that nothing is read.
  const reads = alone === 'nothing' && whole ? await probeChange(session, whole, whole, changed) : alone
  if (reads === 'nothing')
    return outcome(
      'NO_EFFECT',
      'the command does not read this work tree: it fails in the same way whatever the files contain',
      'it may test an installed copy; reinstall that from the work tree with worktree.setup, or name another command',
    )
  if (reads === 'product' && changed.length > 0)
    return outcome(
      'NOT_FIXED',
      'the command fails exactly as before, even with nonsense in the changed files, so it does not read them',
    )
  const red = redMeasurements(round)[0]
  return outcome(
    'NOT_FIXED',
    `the command fails exactly as before: ${red?.reading.is === 'red' ? red.reading.reason : 'red'}`,
  )
}

function stillRed(round: Round): string {
  const red = redMeasurements(round)[0]
  const still = failingTestsOf(round)
  const which = still.length > 0 ? ` (${still.length} failing: ${still.slice(0, 3).join(', ')})` : ''
  if (red?.reading.is === 'red') return `still red: ${red.reading.reason}${which}`
  const stuck = firstUndecided(round)?.reading
  return `still red: with the change, something that the command needs is missing: ${stuck?.is === 'invalid' ? stuck.reason : 'undecided'}${which}`
}
