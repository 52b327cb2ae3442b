import { type MixedRed, mixedRed } from '../../core/verdict/index.ts'
import type { TestReport } from '../../model/evidence.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { allGreen, type Measurement, measureTree, type Round } from '../measure/index.ts'
import { type Outcome, outcome, sessionCommandLine } from '../session/index.ts'
import type { Baseline } from './baseline.ts'
import type { Proving } from './proving.ts'

/** A target of which the change mends some tests and leaves others as they were. */
interface MixedTarget extends MixedRed {
  readonly measurement: Measurement
}

/**
 * Explains a round that is still red although the change fixes some tests: which tests it fixes, which fail as before and
 * why, and the command that leaves those out, which is tried once. Null if a test fails that did not fail before, or fails in
 * another way.
 */
export async function mixedOutcome(
  session: Proving,
  change: ChangeCandidate,
  base: Baseline,
  round: Round,
): Promise<Outcome | null> {
  const parts: MixedTarget[] = []
  for (const [at, measurement] of round.measurements.entries()) {
    if (measurement.reading.is === 'green') continue
    const before = base.rounds.map((one) => one.measurements[at]?.tests ?? null)
    const found = measurement.tests && mixedRed(before.filter(isReport), measurement.tests)
    if (!found) return null
    parts.push({ ...found, measurement })
  }
  const [first] = parts
  if (!first) return null
  const wanting = parts.map(({ measurement }) => wantOf(measurement))
  const reason = parts.map((part, at) => sentence(part, wanting[at] ?? null)).join('; ')
  const environment = wanting.every((want) => want !== null)
  // A proposer may still fix what fails for another reason. It cannot fix what is missing in the environment.
  if (session.kind === 'run' && !environment) return outcome('NOT_FIXED', reason)
  const line = session.targets.length === 1 ? await leavingOut(session, change, first) : null
  const without = line && `to prove the change without ${those(first)}: ${line}`
  return outcome('INVALID_RED', reason, without ?? wanting.find((want) => want !== null)?.mend ?? null)
}

function isReport(report: TestReport | null): report is TestReport {
  return report !== null
}

interface MixedReason {
  readonly reason: string
  readonly mend: string
}

/** The reason that all failures of a run share, if it is the environment and not a bug. */
function wantOf({ reading }: Measurement): MixedReason | null {
  return reading.is === 'invalid' ? reading : null
}

function sentence({ mended, still }: MixedTarget, want: MixedReason | null): string {
  const is = mended.length === 1 ? 'is fixed by this change' : 'are fixed by this change'
  const fails = still.length === 1 ? 'fails' : 'fail'
  const why = want ? `because ${want.reason}` : `in the same way: ${still[0]?.message ?? 'no reason is known'}`
  return `${named(mended)} ${is}; ${named(still.map(({ id }) => id))} ${fails} before and after ${why}`
}

const NAMED = 3

function named(ids: readonly string[]): string {
  if (ids.length <= NAMED) return ids.join(', ')
  return `${ids.slice(0, NAMED).join(', ')} and ${ids.length - NAMED} more tests`
}

function those({ still }: MixedTarget): string {
  return still.length === 1 ? 'it' : 'them'
}

/** The line to type, if the runner can leave these tests out and the rest is green with the change. */
async function leavingOut(
  session: Proving,
  change: ChangeCandidate,
  { measurement: { runner, target }, still }: MixedTarget,
): Promise<string | null> {
  const command = runner?.leaveOut?.(target.command, still) ?? null
  if (command === null) return null
  const targets = [{ ...target, command }]
  const round = await measureTree(session, { tree: change.tree, step: { is: 'left-out' }, keep: null, targets })
  return allGreen(round) ? sessionCommandLine(session, command) : null
}
