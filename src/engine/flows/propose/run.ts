import { FOLDERS, furtherFolder } from '../../core/bundle-layout/index.ts'
import { type AskedCode, withoutThoughts } from '../../core/context/index.ts'
import { maskedText } from '../../core/redact/index.ts'
import { looksTwice } from '../../core/trials/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { AttemptSummary } from '../../model/session.ts'
import type { DependencyWatch } from '../../ports/dependency-watch.ts'
import type { EarlierAttempt, Proposer } from '../../ports/proposer.ts'
import type { RefutedCandidates } from '../../ports/refuted-candidates.ts'
import type { Validator } from '../../ports/validator.ts'
import { intendedChangeHint } from '../judges/index.ts'
import { measureTree, roundDuration, type TracedSession, undecidedOutcome } from '../measure/index.ts'
import {
  type Baseline,
  baseline,
  failingTestsAlone,
  flakyHint,
  judgesShownByRun,
  type Proving,
} from '../proof/index.ts'
import { type Ending, newProgress, runAndSeal, type SessionProgress } from '../prove/index.ts'
import { type Meaning, roundsDisagreement } from '../repeat/index.ts'
import { type Outcome, outcome, type SealedSession, throwIfAborted, timeLeft } from '../session/index.ts'
import { type AskResult, askProposers, failingCommands, type ModelBudget } from './ask-proposers.ts'
import { askedFiles } from './asked-files.ts'
import { failingFilter } from './failing-filter.ts'
import type { Investigating } from './investigate-failure.ts'
import { judgeAttempt } from './judge-attempt.ts'
import { NO_PATCH, type PreparedAttempt, type Preparing, prepareAttempt, type UsableAnswer } from './prepare-attempt.ts'
import { type ProposerContext, type ProposerContextTools, proposerContext } from './proposer-context.ts'
import { rankSamples, untriedSummaries } from './rank-samples.ts'
import { toldAttempt } from './told-attempt.ts'

/** What `run` needs besides a session. */
export interface RunTools extends ProposerContextTools {
  readonly proposers: readonly Proposer[]
  readonly refuted: RefutedCandidates
  /** Of what stands beside the tree. */
  readonly watch: DependencyWatch
  readonly validators: readonly Validator[]
  /** How many answers to each request are wanted of a proposer whose answers differ. */
  readonly samples: number
}

/** The parts of a session that `run` uses. */
type Repairing = Proving & Ending & Preparing & Investigating

/** Runs the base, the attempts and the proof. Every end but a fault is a sealed answer. */
export async function runFlow(session: Repairing, tools: RunTools): Promise<SealedSession> {
  return runAndSeal(session, newProgress(null), async (progress) => {
    const found = await baseline(session, session.base.tree)
    if (!found.ok) return found.end
    await judgesShownByRun(session, found.baseline.round)
    const base = { ...found.baseline, failing: await failingTestsAlone(session, found.baseline.round) }
    progress.base = base
    return notDoubtful(await attempts(session, tools, base, progress), progress)
  })
}

/** A doubtful attempt is shown only where no other one holds. */
function notDoubtful(end: Outcome, progress: SessionProgress): Outcome {
  if (progress.doubtful === null || ENDS.has(end.verdict)) return end
  progress.closest = progress.doubtful.closest
  return progress.doubtful.end
}

/** The text of the first request; it is made after the base was run. */
export async function promptFlow(
  session: Proving & TracedSession & Investigating,
  tools: ProposerContextTools,
): Promise<{ context: string; command: string; end: Outcome | null }> {
  const found = await baseline(session, session.base.tree)
  if (!found.ok) return { context: '', command: '', end: found.end }
  const seen = await proposerContext(session, found.baseline.round, tools)
  return {
    context: maskedText(session.redactor, seen.context(4000)),
    command: failingCommands(found.baseline.round),
    end: null,
  }
}

interface SpentBudget extends ModelBudget {
  bytes: number
  readonly seen: Map<Oid, number>
}

/** What trying the samples of one request needs; `n` is the number of the first one. */
interface SampleTrial {
  readonly n: number
  readonly files: ProposerContext['files']
  readonly spent: SpentBudget
  readonly earlier: EarlierAttempt[]
  /** What answers ask to see; it grows. */
  readonly wanted: AskedCode[]
  readonly progress: SessionProgress
}

/** A next request hears of no more samples of one request, so that it stays small. */
const MOST_TOLD = 3
/** After these verdicts nothing more is tried. */
const ENDS: ReadonlySet<string> = new Set(['PROVED', 'PASSED_ONCE', 'NO_EFFECT'])

async function attempts(
  session: Repairing,
  tools: RunTools,
  base: Baseline,
  progress: SessionProgress,
): Promise<Outcome> {
  const seen = await proposerContext(session, base.failing?.round ?? base.round, tools)
  const flaky = await comesAndGoes(session, base, seen)
  if (flaky) return flaky
  progress.suspects = seen.places.slice(0, 5).map(({ path, line }) => (line === null ? path : `${path}:${line}`))
  const earlier: EarlierAttempt[] = []
  const wanted: AskedCode[] = []
  const spent: SpentBudget = {
    bytes: 0,
    tokens: 0,
    contextTokens: Number.POSITIVE_INFINITY,
    use: null,
    seen: new Map(),
  }
  const filter = failingFilter(session, base)
  let last: Outcome = outcome('NOT_FIXED', 'no attempt was made')
  let n = 1
  for (let round = 1; round <= session.settings.maxAttempts; round++) {
    throwIfAborted(session)
    if (timeLeft(session) <= 0) return outOfTime()
    const asked = await askProposers(session, tools.proposers, {
      n,
      round,
      samples: tools.samples,
      base,
      seen,
      earlier,
      asked: wanted,
      spent,
      refuted: tools.refuted,
      filter,
      watch: tools.watch,
      validators: tools.validators,
    })
    progress.spent = spent.use
    if (!asked.ok && asked.again && round < session.settings.maxAttempts) continue
    if (!asked.ok)
      return progress.attempts.length === 0
        ? asked.end
        : outcome('NOT_FIXED', `${last.reason}; then ${asked.end.reason}`, asked.end.mend)
    const result = await trySamples(session, base, asked, { n, files: seen.files, spent, earlier, wanted, progress })
    if (ENDS.has(result.verdict)) return result
    last = result
    n += asked.answers.length
  }
  return exhausted(session, progress.attempts)
}

function outOfTime(): Outcome {
  return outcome(
    'NOT_FIXED',
    'the time limit of this session is reached',
    'raise --timeout or limits.session_timeout_sec',
  )
}

/** Prepares all samples of one request, and tries them one after the other until one holds. */
async function trySamples(
  session: Repairing,
  base: Baseline,
  { proposer, answers }: Extract<AskResult, { ok: true }>,
  { n, files, spent, earlier, wanted, progress }: SampleTrial,
): Promise<Outcome> {
  const samples = new Map<PreparedAttempt, UsableAnswer>()
  for (const [at, answer] of answers.entries())
    samples.set(await prepareAttempt(session, n + at, proposer, answer, files, spent), answer)
  const ranked = rankSamples([...samples.keys()])
  let last = outcome('NOT_FIXED', 'no attempt was made')
  let heard = 0
  for (const [at, tried] of ranked.entries()) {
    throwIfAborted(session)
    if (at > 0 && timeLeft(session) <= 0) return outOfTime()
    last = await judgeAttempt(session, base, tried, progress)
    if (ENDS.has(last.verdict)) {
      progress.attempts.push(...untriedSummaries(ranked.slice(at + 1)))
      return last
    }
    // A sample that repeats another one of the same request teaches nothing.
    if (samples.size > 1 && isRepeated(tried)) continue
    if (heard++ >= MOST_TOLD) continue
    const round = tried.ok ? (progress.closest?.round ?? null) : null
    const { n: number } = tried.ok ? tried.attempt : tried.summary
    earlier.push(await toldAttempt(session, base, { n: number, tried, result: last, round }, files))
    const answer = samples.get(tried)
    if (asks(tried) && answer?.how === 'reply')
      wanted.unshift(await askedFiles(session, files, withoutThoughts(answer.text)))
  }
  return last
}

function isRepeated(tried: PreparedAttempt): boolean {
  return !tried.ok && tried.summary.refusals.some(({ rule }) => rule === 'repeated')
}

/**
 * Runs the base once more before anything is spent on a failure that may come and go, unless a run under a tracer or one of the
 * failing tests failed as the first one did, or the command is slow. Null: it failed as before.
 */
async function comesAndGoes(
  session: Proving,
  { round, failing }: Baseline,
  { failedAgain }: ProposerContext,
): Promise<Outcome | null> {
  const isQuick = looksTwice(session.settings.runs, roundDuration(round))
  if (failing !== null || failedAgain === true || (failedAgain === null && !isQuick)) return null
  const keep = furtherFolder(FOLDERS.baseline, 2)
  const again = await measureTree(session, { tree: session.base.tree, step: { is: 'base', n: 2 }, keep })
  const differs = roundsDisagreement(round, again)
  return (
    undecidedOutcome(session, again) ??
    (differs ? outcome('FLAKY', `two runs of the base disagree: ${differs}`, flakyHint(session)) : null)
  )
}

/** True for an answer that holds no patch, or code that is for no file: it may ask for more of the project. */
function asks(tried: PreparedAttempt): boolean {
  return !tried.ok && tried.summary.refusals.some(({ rule }) => rule === NO_PATCH || rule === 'no-path')
}

/**
 * The outcome if all attempts failed: it reports the most informative failure. An attempt that only repeats another one does
 * not count.
 */
function exhausted(session: Meaning, all: readonly AttemptSummary[]): Outcome {
  const telling = all.filter(({ refusals }) => !refusals.some(({ rule }) => rule === 'repeated'))
  const last = telling.at(-1)?.reason ?? 'no attempt was made'
  const every = (verdict: string) => telling.length > 0 && telling.every((attempt) => attempt.verdict === verdict)
  if (every('DENIED')) return outcome('DENIED', last, 'change the policy, or ask for another patch')
  if (every('TESTS_CHANGED')) {
    const paths = telling
      .at(-1)
      ?.refusals.flatMap(({ rule, path }) => (rule === 'judges' && path !== null ? [path] : []))
    return outcome('TESTS_CHANGED', last, paths?.length ? intendedChangeHint(session, paths) : null)
  }
  if (every('RIGGED')) return outcome('RIGGED', last)
  const tries = all.length === 1 ? '1 attempt' : `${all.length} attempts`
  const mend = 'raise limits.max_attempts, or try another provider'
  return outcome('NOT_FIXED', `${tries} did not turn the command green; the last one: ${last}`, mend)
}
