import { attemptFolder } from '../../core/bundle-layout/index.ts'
import { executedPhrase, tooFewExecuted } from '../../core/executed/index.ts'
import { listSomePaths } from '../../core/judge-mounts/index.ts'
import { judgesInTheWay } from '../../core/split/index.ts'
import { planRuns } from '../../core/trials/index.ts'
import type { Tracer } from '../../ports/tracer.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  allGreen,
  failingTestsOf,
  measureTree,
  onceMore,
  type Round,
  type RoundSpec,
  roundDuration,
  tamperedJudges,
  undecidedOutcome,
} from '../measure/index.ts'
import { type Baseline, type ConfirmedRuns, confirmChange, type Proving, suiteOutcome } from '../proof/index.ts'
import { decideByTwoRuns } from '../repeat/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'
import { executedLines, hasTests } from './executed-lines.ts'
import type { SessionProgress } from './session-progress.ts'

/** The parts of a session that a change without a red uses. */
export type Preserving = Proving & Pick<Session, 'redactor'>

/** The tree without the product of the change, on which every target is green. `own`: see `Baseline`. */
export interface GreenStart {
  readonly round: Round
  readonly own: Round | null
}

/**
 * Proves that a change keeps what works: no judge but added tests is touched, every test is green without and with the change,
 * none vanished, and tests run the lines that it changes.
 */
export async function preserve(
  session: Preserving,
  change: ChangeCandidate,
  { round, own }: GreenStart,
  tracers: readonly Tracer[],
  progress: SessionProgress,
): Promise<Outcome> {
  const touched = judgesInTheWay(change.split)
  if (touched.length > 0) return judgesChanged(touched)
  const base: Baseline = { round, rounds: [round], reds: 1, plan: planOf(session, round), own, failing: null }
  progress.base = base
  progress.given = change
  const after = await greenWith(session, change, round)
  if ('verdict' in after) return after
  // Only now: what breaks is told as broken, whatever else would be missing.
  const missing = whatIsMissing(change, round)
  if (missing !== null) return notShown(missing)
  const executed = await executedLines(session, change, { before: round, after }, tracers)
  if ('verdict' in executed) return executed
  progress.executed = executed
  const few = tooFewExecuted(executed, session.settings.minExecuted)
  if (few !== null) return notShown(few)
  const held = await confirmChange(session, change, base, after)
  if (!held.ok) return held.end
  const { confirmed } = held
  if (confirmed.needs.length > 0) return judgesChanged(confirmed.needs)
  progress.proved = { change, round: after, confirmed, minimal: 'not asked' }
  return outcome('PRESERVED', preservedReason(confirmed, executedPhrase(executed)))
}

/** Without, with, without at least. */
function planOf({ settings }: Pick<Session, 'settings'>, round: Round): Baseline['plan'] {
  const { reds, greens } = planRuns(settings.runs, roundDuration(round))
  return { reds: Math.max(2, reds), greens }
}

/** Why green runs alone would show nothing; null: they may show something. */
function whatIsMissing({ split }: ChangeCandidate, round: Round): string | null {
  const [program] = split.programs
  if (program !== undefined) return `${program} is both the command and the program, so nothing outside of it decides`
  return round.measurements.some(hasTests) ? null : 'no runner names or counts a test'
}

function judgesChanged(paths: readonly string[]): Outcome {
  return outcome(
    'TESTS_CHANGED',
    `the command does not fail without the change, and the change edits what decides: ${listSomePaths(paths)}`,
    'leave tests and configuration as they are and only add test files, or add a test that fails without the change',
  )
}

function notShown(why: string): Outcome {
  return outcome(
    'NOT_RED',
    `the command does not fail without the change, and ${why}, so nothing shows that the change keeps what works`,
    'add a test that runs the changed lines, or one that fails without the change',
  )
}

/** The first run with the change. What speaks against the change is looked at twice. */
async function greenWith(session: Preserving, change: ChangeCandidate, before: Round): Promise<Round | Outcome> {
  const spec: RoundSpec = {
    ...{ tree: change.tree, step: { is: 'change' }, keep: attemptFolder(1), testListing: 'of the command' },
  }
  const round = await measureTree(session, spec)
  const cut = tamperedJudges(session, round) === null ? undecidedOutcome(session, round) : null
  if (cut) return cut
  const against = async (one: Round) =>
    tamperedJudges(session, one) ??
    (allGreen(one) ? suiteOutcome(session, change, before, one) : outcome('NOT_FIXED', brokenBy(one)))
  const again = () => measureTree(session, onceMore(spec))
  return (await decideByTwoRuns(session, round, again, against, 'with the change')) ?? round
}

function brokenBy(round: Round): string {
  const [first, ...others] = failingTestsOf(round)
  const which = first === undefined ? '' : `: ${first} fails${others.length > 0 ? `, and ${others.length} more` : ''}`
  return `the command passes without the change, but not with it${which}`
}

function preservedReason({ reds, greens }: ConfirmedRuns, executed: string): string {
  return `green in all ${reds} runs without the change and in ${greens === 1 ? 'the 1 run' : `all ${greens} runs`} with it; ${executed}`
}
