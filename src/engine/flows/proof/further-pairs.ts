import { pairFolder } from '../../core/bundle-layout/index.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  allGreen,
  failingTestsOf,
  measureTree,
  type Round,
  tamperedJudges,
  undecidedOutcome,
} from '../measure/index.ts'
import { OTHER_MESSAGES, otherMessages, roundsDisagreement } from '../repeat/index.ts'
import { type Outcome, outcome, warnOnce } from '../session/index.ts'
import { type Baseline, flakyHint } from './baseline.ts'
import type { Proving } from './proving.ts'
import { suiteOutcome } from './suite-outcome.ts'

/** Runs further pairs in turn, each run in a fresh work tree: red without the product, green with it. */
export async function furtherPairs(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  counts: { reds: number; greens: number },
  greens: Round[],
): Promise<Outcome | null> {
  const all = furtherRuns(change, base)
  if (all.length === 0) return null
  const was = allGreen(base.round) ? 'green' : 'red'
  session.reporter.tell({ is: 'phase', name: 'pairs', detail: `${was} again without the change, and green with it?` })
  for (const one of all) {
    const end = await pair(session, change, base, one, greens)
    if (end) return end
    counts.reds += 1
    counts.greens += one.green ? 1 : 0
  }
  return null
}

/** The reds so far. If pairs follow, a red of another tree is not one of them. */
export function firstReds(change: ChangeCandidate, { round, reds, plan }: Baseline): number {
  return round.tree === change.redTree || plan.reds === 1 ? reds : 0
}

/** A run without the change and, if `green`, one with it. The first pair are the runs of the base and of the change. */
interface FurtherRuns {
  readonly k: number
  readonly of: number
  readonly green: boolean
}

/** What has to follow the first red and the first green. If the first red was of another tree, it is run again as well. */
function furtherRuns(change: ChangeCandidate, { plan, round }: Baseline): readonly FurtherRuns[] {
  const of = Math.max(plan.reds, plan.greens)
  const from = of > 1 && round.tree !== change.redTree ? 1 : 2
  return Array.from({ length: Math.max(0, of - from + 1) }, (_, at) => {
    const k = from + at
    return { k, of, green: k > 1 && k <= plan.greens }
  })
}

async function pair(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  { k, of, green: wanted }: FurtherRuns,
  greens: Round[],
): Promise<Outcome | null> {
  session.reporter.tell({ is: 'progress', line: `${k} of ${of}` })
  const preserves = allGreen(base.round)
  const red = await measureTree(session, {
    tree: change.redTree,
    step: { is: preserves ? 'without' : 'red', n: k },
    keep: pairFolder(k, 'red'),
  })
  const cut = undecidedOutcome(session, red)
  if (cut) return cut
  const differs = roundsDisagreement(base.round, red)
  if (differs)
    return preserves
      ? outcome('FLAKY', `without the change the command passed once, but not again: ${differs}`)
      : outcome('FLAKY', `without the change the command did not fail as before: ${differs}`, flakyHint(session))
  warnOnce(session, OTHER_MESSAGES, otherMessages(base.round, red))
  if (!wanted) return null
  const green = await measureTree(session, {
    tree: change.tree,
    step: { is: preserves ? 'with' : 'green', n: k },
    keep: pairFolder(k, 'green'),
  })
  if (!allGreen(green))
    return (
      undecidedOutcome(session, green) ??
      outcome('FLAKY', `with the change the command passed once, but failed in pair ${k}${whichFailed(green)}`)
    )
  greens.push(green)
  return tamperedJudges(session, green) ?? suiteOutcome(session, change, base.round, green)
}

function whichFailed(round: Round): string {
  const [first] = failingTestsOf(round)
  return first === undefined ? '' : `: ${first} failed`
}
