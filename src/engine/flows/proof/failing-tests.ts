import { focusedFolder } from '../../core/bundle-layout/index.ts'
import { isFocused, planFocusedRuns } from '../../core/trials/index.ts'
import type { Target } from '../../model/command.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  allGreen,
  cutAfter,
  failingTestsOf,
  firstUndecided,
  type Measurement,
  measureTree,
  type Round,
  redMeasurements,
  roundDuration,
  tamperedJudges,
  undecidedOutcome,
} from '../measure/index.ts'
import { roundsDisagreement } from '../repeat/index.ts'
import { type Outcome, outcome, warnOnce } from '../session/index.ts'
import { type Baseline, type FailingTests, flakyHint, type Starting } from './baseline.ts'
import type { Proving } from './proving.ts'
import { type Selecting, selectedCommand } from './select-tests.ts'
import { suiteOutcome } from './suite-outcome.ts'

const STAYS_WHOLE = 'every run is of the whole suite'

/**
 * Finds how to run the failing tests alone, if the suite is slow and its runner can select tests. Null if not, or if they do
 * not fail alone as they do in the whole suite; then a warning says why.
 */
export async function failingTestsAlone(session: Starting, whole: Round): Promise<FailingTests | null> {
  const { focus, runs } = session.settings
  if (!isFocused(focus, runs, roundDuration(whole))) return null
  const red = redMeasurements(whole)
  const targets = await selectedTargets(session, red)
  if (typeof targets === 'string') return staysWhole(session, targets)
  session.reporter.tell({ is: 'phase', name: 'failing tests', detail: 'do they fail alone as in the whole suite?' })
  const round = await measureTree(session, {
    ...{ tree: whole.tree, targets, step: { is: 'focused-red', n: 1 } },
    ...{ keep: focusedFolder(1, 'red'), cutAfterMs: cutAfter(whole.measurements) },
  })
  const differs = firstUndecided(round) ? 'it did not run' : roundsDisagreement({ ...whole, measurements: red }, round)
  if (differs === null) return { targets, round }
  return staysWhole(session, `a run of the failing tests alone differs from the whole one: ${differs}`)
}

function staysWhole(session: Pick<Starting, 'warnings'>, why: string): null {
  warnOnce(session, STAYS_WHOLE, why)
  return null
}

/** These red targets with their failing tests alone, or why one of them cannot be selected. */
export async function selectedTargets(
  session: Selecting,
  red: readonly Measurement[],
): Promise<readonly Target[] | string> {
  const targets: Target[] = []
  for (const one of red) {
    const command = await selectedCommand(session, one)
    if (typeof command === 'string') return `${one.target.name}: ${command}`
    targets.push({ ...one.target, command })
  }
  return targets
}

/** Runs the failing tests alone, in turn: green with the change, red without it, a red at the end. */
export async function pairsOfFailingTests(
  session: Proving,
  change: ChangeCandidate,
  { round, targets }: FailingTests,
  counts: { reds: number; greens: number },
): Promise<Outcome | null> {
  const plan = planFocusedRuns(session.settings.runs, roundDuration(round))
  session.reporter.tell({ is: 'phase', name: 'pairs', detail: 'of the failing tests alone' })
  for (let k = 1; k <= plan.greens; k++) {
    session.reporter.tell({ is: 'progress', line: `${k} of ${plan.greens}` })
    const end =
      (await greenAgain(session, change, { round, targets }, k)) ??
      (await redAgain(session, change, { round, targets }, k + 1))
    if (end) return end
  }
  counts.reds += plan.reds
  counts.greens += plan.greens
  return null
}

async function greenAgain(
  session: Proving,
  change: ChangeCandidate,
  { round, targets }: FailingTests,
  k: number,
): Promise<Outcome | null> {
  const step = { is: 'focused-green', n: k } as const
  const green = await measureTree(session, { tree: change.tree, targets, step, keep: focusedFolder(k, 'green') })
  if (allGreen(green)) return tamperedJudges(session, green) ?? suiteOutcome(session, change, round, green)
  const [first] = failingTestsOf(green)
  const which = first === undefined ? '' : `: ${first} failed`
  const reason = `with the change the whole suite passed, but not run ${k} of the tests that failed${which}`
  return undecidedOutcome(session, green) ?? outcome('FLAKY', reason)
}

async function redAgain(
  session: Proving,
  change: ChangeCandidate,
  { round, targets }: FailingTests,
  k: number,
): Promise<Outcome | null> {
  const step = { is: 'focused-red', n: k } as const
  const red = await measureTree(session, { tree: change.redTree, targets, step, keep: focusedFolder(k, 'red') })
  const cut = undecidedOutcome(session, red)
  if (cut) return cut
  const differs = roundsDisagreement(round, red)
  const reason = `without the change the failing tests did not fail as before: ${differs}`
  return differs ? outcome('FLAKY', reason, flakyHint(session)) : null
}

/** Whether the failing tests alone show what the red tree of this change shows. */
export function canFocus({ failing, round }: Baseline, { redTree }: ChangeCandidate): boolean {
  return failing !== null && round.tree === redTree
}
