import { attemptFolder } from '../../core/bundle-layout/index.ts'
import { allowedWords } from '../../core/judges/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { AttemptSummary } from '../../model/session.ts'
import type { Earlier, Proposer } from '../../ports/proposer.ts'
import { ifMeant } from '../judges/index.ts'
import type { Round } from '../measure/index.ts'
import {
  type Baseline,
  baseline,
  confirm,
  examine,
  heldReason,
  learnJudges,
  minimised,
  provedAs,
} from '../proof/index.ts'
import { allowedIn, concluded, newProgress, type Progress, type Proved, settle } from '../prove/index.ts'
import { checkpoint, type Outcome, outcome, type Sealed, type Session, timeLeft } from '../session/index.ts'
import { ask, failingCommands } from './ask.ts'
import { type Attempt, prepare, type Tried } from './attempt.ts'
import { type Instruments, lastOutput, material } from './readable-files.ts'

/** What `run` needs besides a session. */
export interface RunTools extends Instruments {
  readonly proposers: readonly Proposer[]
}

/** Base red, attempts, proof. Every way out but a fault is a sealed answer. */
export async function runFlow(session: Session, tools: RunTools): Promise<Sealed> {
  return concluded(session, newProgress(null), async (progress) => {
    const found = await baseline(session, session.base.tree)
    if (!found.ok) return found.end
    progress.base = found.baseline
    await learnJudges(session, found.baseline.round)
    return attempts(session, tools, found.baseline, progress)
  })
}

/** The text of the first request, after the base was measured. */
export async function promptFlow(
  session: Session,
  tools: RunTools,
): Promise<{ context: string; command: string; end: Outcome | null }> {
  const found = await baseline(session, session.base.tree)
  if (!found.ok) return { context: '', command: '', end: found.end }
  const seen = await material(session, found.baseline.round, tools)
  return { context: seen.context(4000), command: failingCommands(found.baseline.round), end: null }
}

interface Spent {
  bytes: number
  tokens: number
  readonly seen: Map<Oid, number>
}

async function attempts(session: Session, tools: RunTools, base: Baseline, progress: Progress): Promise<Outcome> {
  const seen = await material(session, base.round, tools)
  progress.suspects = seen.places.slice(0, 5).map(({ path, line }) => (line === null ? path : `${path}:${line}`))
  const earlier: Earlier[] = []
  const spent: Spent = { bytes: 0, tokens: 0, seen: new Map() }
  let last: Outcome = outcome('NOT_FIXED', 'no attempt was made')
  for (let n = 1; n <= session.settings.maxAttempts; n++) {
    checkpoint(session)
    if (timeLeft(session) <= 0)
      return outcome(
        'NOT_FIXED',
        'the time limit of this session is reached',
        'raise --timeout or limits.session_timeout_sec',
      )
    const asked = await ask(session, tools.proposers, { n, base, seen, earlier, spent })
    if (!asked.ok)
      return progress.attempts.length === 0
        ? asked.end
        : outcome('NOT_FIXED', `${last.reason}; then ${asked.end.reason}`, asked.end.mend)
    const tried = await prepare(session, n, asked.proposer, asked.answer, seen.files, spent)
    const result = await judge(session, base, tried, progress)
    if (result.verdict === 'PROVED' || result.verdict === 'PASSED_ONCE' || result.verdict === 'NO_EFFECT') return result
    last = result
    earlier.push(told(session, n, tried, result, progress))
  }
  return exhausted(session, progress.attempts)
}

/** Examines, minimises and confirms one attempt. */
async function judge(session: Session, base: Baseline, tried: Tried, progress: Progress): Promise<Outcome> {
  if (!tried.ok) {
    progress.attempts.push(tried.summary)
    tell(session, tried.summary)
    return outcome(tried.summary.verdict === 'TESTS_CHANGED' ? 'TESTS_CHANGED' : 'DENIED', tried.summary.reason)
  }
  const { attempt } = tried
  progress.trying = attempt
  const on = { step: { is: 'attempt', n: attempt.n }, keep: attemptFolder(attempt.n), probe: true } as const
  const examined = await examine(session, attempt.change, base, on)
  progress.closest = { patch: attempt.patch, round: examined.round }
  if (!examined.ok) return settled(session, progress, examined.end)
  const proof = await prove(session, base, attempt, examined.round)
  if (!proof.ok) return settled(session, progress, proof.end)
  progress.proved = proof.proved
  const reason = `${allowedWords(allowedIn(session, proof.proved.change))}${heldReason(proof.proved.confirmed, 'patch')}`
  return settled(session, progress, outcome(provedAs(session), reason))
}

/** The minimised change if it holds, else the change as proposed. */
async function prove(
  session: Session,
  base: Baseline,
  attempt: Attempt,
  green: Round,
): Promise<{ ok: true; proved: Proved } | { ok: false; end: Outcome }> {
  if (session.settings.minimize) {
    const small = await minimised(session, attempt.change, base, green)
    const held = await confirm(session, small.change, base, small.round)
    if (held.ok) return { ok: true, proved: { ...small, confirmed: held.confirmed } }
    if (small.change.tree === attempt.change.tree) return { ok: false, end: held.end }
  }
  const held = await confirm(session, attempt.change, base, green)
  if (!held.ok) return { ok: false, end: held.end }
  const minimal = session.settings.minimize ? 'not finished' : 'not asked'
  return { ok: true, proved: { change: attempt.change, round: green, confirmed: held.confirmed, minimal } }
}

async function settled(session: Session, progress: Progress, end: Outcome): Promise<Outcome> {
  const summary = await settle(session, progress, end)
  if (summary) tell(session, summary)
  return end
}

function tell(session: Session, { n, proposer, verdict, reason }: AttemptSummary): void {
  session.reporter.tell({ is: 'attempt', n, proposer, verdict, detail: reason })
}

function told(session: Session, n: number, tried: Tried, result: Outcome, progress: Progress): Earlier {
  const patch = tried.ok ? tried.attempt.patch : tried.patch
  const text = patch ? new TextDecoder().decode(session.redactor.redact(patch).bytes) : null
  const output = tried.ok && progress.closest && result.verdict !== 'RIGGED' ? lastOutput(progress.closest.round) : null
  const sentence = tried.ok ? result.reason : refusalFor(tried.summary)
  return { n, verdict: result.verdict, sentence, patch: text, output }
}

/** What a proposer hears of a refusal: the rule and the path, never the words of the policy. */
function refusalFor({ verdict, reason, refusals: [first] }: AttemptSummary): string {
  if (verdict !== 'DENIED' || !first) return reason
  return `not allowed here (${first.rule})${first.path === null ? '' : `: ${first.path}`}`
}

/** All attempts failed: the most telling way in which they did. One that only repeats another tells nothing. */
function exhausted(session: Session, all: readonly AttemptSummary[]): Outcome {
  const telling = all.filter(({ refusals }) => !refusals.some(({ rule }) => rule === 'repeated'))
  const last = telling.at(-1)?.reason ?? 'no attempt was made'
  const every = (verdict: string) => telling.length > 0 && telling.every((attempt) => attempt.verdict === verdict)
  if (every('DENIED')) return outcome('DENIED', last, 'change the policy, or ask for another patch')
  if (every('TESTS_CHANGED')) {
    const paths = telling
      .at(-1)
      ?.refusals.flatMap(({ rule, path }) => (rule === 'judges' && path !== null ? [path] : []))
    return outcome('TESTS_CHANGED', last, paths?.length ? ifMeant(session, paths) : null)
  }
  if (every('RIGGED')) return outcome('RIGGED', last)
  const tries = all.length === 1 ? '1 attempt' : `${all.length} attempts`
  const mend = 'raise limits.max_attempts, or try another provider'
  return outcome('NOT_FIXED', `${tries} did not turn the command green; the last one: ${last}`, mend)
}
