import { writeRun } from '../../core/bundle/index.ts'
import { attemptFolder, pairFolder } from '../../core/bundle-layout/index.ts'
import { allowedJudgesPhrase } from '../../core/judges/index.ts'
import type { AttemptSummary } from '../../model/session.ts'
import type { Round } from '../measure/index.ts'
import {
  type Baseline,
  confirmChange,
  examineChange,
  examineFailingTests,
  minimiseChange,
  type Proving,
  provedAs,
  provedReason,
} from '../proof/index.ts'
import {
  allowedJudgesOf,
  type Ending,
  type ProvedChange,
  type SessionProgress,
  settlePendingChange,
} from '../prove/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'
import type { PreparedAttempt, PreparedChange } from './prepare-attempt.ts'

/** Examines, minimises and confirms one attempt. */
export async function judgeAttempt(
  session: Proving & Ending,
  base: Baseline,
  tried: PreparedAttempt,
  progress: SessionProgress,
): Promise<Outcome> {
  if (!tried.ok) {
    progress.attempts.push(tried.summary)
    tell(session, tried.summary)
    return outcome(tried.summary.verdict === 'TESTS_CHANGED' ? 'TESTS_CHANGED' : 'DENIED', tried.summary.reason)
  }
  const { attempt } = tried
  progress.trying = attempt
  const on = { step: { is: 'attempt', n: attempt.n }, keep: attemptFolder(attempt.n), probe: true } as const
  const examined = await examineFailingTests(session, attempt.change, base, on)
  progress.closest = { patch: attempt.patch, round: examined.round }
  if (!examined.ok) return settled(session, progress, examined.end)
  const doubt = doubtOf(session, attempt)
  if (doubt !== null) {
    progress.doubtful = { end: doubt, closest: progress.closest }
    return settled(session, progress, doubt)
  }
  const proof = await prove(session, base, attempt, examined.round)
  if (!proof.ok) {
    progress.closest = { patch: attempt.patch, round: proof.round ?? examined.round }
    return settled(session, progress, proof.end)
  }
  progress.proved = proof.proved
  const { change, confirmed } = proof.proved
  const runs = provedReason(confirmed, 'patch', change.split.programs)
  const doubted = attempt.doubt === null ? '' : `${attempt.doubt}; `
  const reason = `${doubted}${allowedJudgesPhrase(allowedJudgesOf(session, change))}${runs}`
  return settled(session, progress, outcome(provedAs(session), reason))
}

/** The end of an attempt that turns the command green and is probably no repair; null: it is to be proved. */
function doubtOf({ settings }: Pick<Session, 'settings'>, { doubt, n }: PreparedChange): Outcome | null {
  if (doubt === null || settings.acceptLiteral) return null
  return outcome(
    'NOT_FIXED',
    `${doubt}; attempt ${n} turns the command green, and nothing else that was tried does`,
    'read the patch; to prove it nevertheless: --accept-literal',
  )
}

/** `round`: the run that decided against it, if one did. */
type ProvedAttempt = { ok: true; proved: ProvedChange } | { ok: false; end: Outcome; round?: Round }

/** The minimised change if it holds, else the change as proposed. */
async function prove(session: Proving, base: Baseline, attempt: PreparedChange, green: Round): Promise<ProvedAttempt> {
  if (session.settings.minimize) {
    const small = await minimiseChange(session, attempt.change, base, green)
    const isSmaller = small.change.tree !== attempt.change.tree
    if (isSmaller && base.failing === null) keepFirstGreen(session, small.round)
    const keep = isSmaller ? pairFolder(1, 'green') : attemptFolder(attempt.n)
    const held = await confirmed(session, base, small, keep)
    if (held.ok || !isSmaller) return held
  }
  const minimal = session.settings.minimize ? 'not finished' : 'not asked'
  return confirmed(session, base, { change: attempt.change, round: green, minimal }, attemptFolder(attempt.n))
}

/** Confirms a change; runs all targets on it first, if only the failing tests passed so far. */
async function confirmed(
  session: Proving,
  base: Baseline,
  { change, round, minimal }: Omit<ProvedChange, 'confirmed'>,
  keep: string,
): Promise<ProvedAttempt> {
  const how = { step: { is: 'green', n: 1 }, keep, probe: true } as const
  const whole = base.failing === null ? { ok: true as const, round } : await examineChange(session, change, base, how)
  if (!whole.ok) return whole
  const held = await confirmChange(session, change, base, whole.round)
  return held.ok ? { ok: true, proved: { change, round: whole.round, confirmed: held.confirmed, minimal } } : held
}

/** The first green of a minimised change is the probe that was its whole run. */
function keepFirstGreen({ record }: Pick<Session, 'record'>, { tree, measurements }: Round): void {
  for (const one of measurements)
    writeRun(record, pairFolder(1, 'green'), { ...one, tree, step: { is: 'green', n: 1 } })
}

async function settled(
  session: Ending & Pick<Session, 'reporter'>,
  progress: SessionProgress,
  end: Outcome,
): Promise<Outcome> {
  const summary = await settlePendingChange(session, progress, end)
  if (summary) tell(session, summary)
  return end
}

function tell({ reporter }: Pick<Session, 'reporter'>, { n, proposer, verdict, reason }: AttemptSummary): void {
  reporter.tell({ is: 'attempt', n, proposer, verdict, detail: reason })
}
