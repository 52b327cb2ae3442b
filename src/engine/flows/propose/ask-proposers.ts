import { attemptFile } from '../../core/bundle-layout/index.ts'
import { type AskedCode, mayHoldChange, withoutThoughts } from '../../core/context/index.ts'
import { modelUseLine, withUsage } from '../../core/record/index.ts'
import { maskedText } from '../../core/redact/index.ts'
import { spellCommand } from '../../model/command.ts'
import { PROPOSERS } from '../../model/kinds.generated.ts'
import type { ModelUse } from '../../model/model-use.ts'
import type { ProposerAnswer } from '../../model/proposal.ts'
import type { DependencyWatch } from '../../ports/dependency-watch.ts'
import type { EarlierAttempt, ProposalRequest, Proposer } from '../../ports/proposer.ts'
import type { RefutedCandidates } from '../../ports/refuted-candidates.ts'
import type { Validator } from '../../ports/validator.ts'
import { jobsAtOnce, type Measuring, type Round, redMeasurements } from '../measure/index.ts'
import type { Baseline } from '../proof/index.ts'
import { type Outcome, outcome, type Session, throwIfAborted, timeLeft } from '../session/index.ts'
import { candidateTrial } from './candidate-trial.ts'
import { candidateValidation } from './candidate-validation.ts'
import type { FailingFilter } from './failing-filter.ts'
import type { UsableAnswer } from './prepare-attempt.ts'
import type { ProposerContext } from './proposer-context.ts'

/** Context budgets in tokens: the first request is small, later ones wider. */
const TOKENS = [4_000, 8_000, 16_000]

type StopReason = NonNullable<Extract<ProposerAnswer, { how: 'nothing' }>['stopped']>

export type AskResult =
  | {
      readonly ok: true
      readonly proposer: Proposer
      /** One, or as many samples as were asked for and given. */
      readonly answers: readonly UsableAnswer[]
    }
  | {
      readonly ok: false
      readonly end: Outcome
      /** Another request may bring more: a reply was only cut off. */
      readonly again: boolean
    }

/** What the requests of a session used so far. */
export interface ModelBudget {
  /** Of a model, in and out. */
  tokens: number
  /** The largest context, in tokens, that the model did not reject. */
  contextTokens: number
  use: ModelUse | null
}

interface ProposerQuestion {
  /** The number of the next attempt. */
  readonly n: number
  /** The number of the request; all samples of one request have the same. */
  readonly round: number
  /** How many answers are wanted. */
  readonly samples: number
  readonly base: Baseline
  readonly seen: ProposerContext
  readonly earlier: readonly EarlierAttempt[]
  /** What earlier answers asked to see, the last one first. */
  readonly asked: readonly AskedCode[]
  /** What proposers before it in this request tried in vain. */
  readonly known?: readonly string[]
  /** It grows with each request. */
  readonly spent: ModelBudget
  readonly refuted: RefutedCandidates
  readonly filter: () => Promise<FailingFilter | null>
  readonly watch: DependencyWatch
  readonly validators: readonly Validator[]
}

/** The parts of a session that asking proposers uses; a proposer may try candidates. */
type AskingSession = Measuring & Pick<Session, 'includes' | 'redactor' | 'surroundings' | 'version' | 'warnings'>

/** Asks the proposers in their order until one answers with something to try. If none does, an answer in words is an attempt. */
export async function askProposers(
  session: AskingSession,
  proposers: readonly Proposer[],
  question: ProposerQuestion,
): Promise<AskResult> {
  const silent: SilentAnswer[] = []
  const known: string[] = []
  let spoken: AskResult | null = null
  for (const proposer of proposers) {
    throwIfAborted(session)
    session.reporter.tell({ is: 'phase', name: `attempt ${question.n}`, detail: `asking ${proposer.kind}` })
    const { given, changed } = await watchedAnswers(session, proposer, { ...question, known })
    if (changed.length > 0) return { ok: false, end: dependenciesChanged(proposer, changed), again: false }
    const answers = given.filter(isUsable)
    for (const one of answers) tellEdits(session, one)
    const changes = answers.filter(mayChange)
    if (changes.length > 0) return { ok: true, proposer, answers: changes }
    if (answers.length > 0) spoken ??= { ok: true, proposer, answers: answers.slice(0, 1) }
    const [answer] = given
    if (answer !== undefined && !isUsable(answer)) silent.push({ ...answer, kind: proposer.kind })
    if (answer?.how === 'nothing' && answer.handOn !== undefined) known.push(answer.handOn)
  }
  const again = silent.some((one) => one.how === 'failed' && one.why === 'truncated')
  return spoken ?? { ok: false, end: endOf(session, proposers, silent), again }
}

/** `changed`: dependencies that changed meanwhile. Decisive runs read them, and a program without a sandbox can write to them. */
async function watchedAnswers(
  session: AskingSession,
  proposer: Proposer,
  question: ProposerQuestion,
): Promise<{ readonly given: readonly ProposerAnswer[]; readonly changed: readonly string[] }> {
  if (proposer.sandboxed) return { given: await answersOf(session, proposer, question), changed: [] }
  const state = question.watch.look()
  const given = await answersOf(session, proposer, question)
  warnOnce(session, `proposer: unsandboxed (${proposer.kind})`)
  return { given, changed: await question.watch.changedSince(state) }
}

function tellEdits(session: AskingSession, answer: ProposerAnswer): void {
  if (answer.how !== 'edits') return
  if (answer.note !== '') session.reporter.tell({ is: 'answer', line: answer.note })
  if (answer.remark) warnOnce(session, `proposer: ${answer.remark}`)
}

function dependenciesChanged({ kind }: Proposer, changed: readonly string[]): Outcome {
  const [names, more] = [changed.slice(0, 3).join(', '), changed.length > 3 ? ` and ${changed.length - 3} more` : '']
  return outcome(
    'PROPOSER_FAILED',
    `${kind}: your dependencies changed while it worked (${names}${more}), so no further run would show anything about a patch`,
    'install them again, and find out what changed them',
  )
}

/** Why a proposer, of this kind, gave nothing to try. */
type SilentAnswer = Exclude<ProposerAnswer, UsableAnswer> & { readonly kind: string }

/** The end of a session in which nobody gave anything to try. */
function endOf(session: AskingSession, proposers: readonly Proposer[], silent: readonly SilentAnswer[]): Outcome {
  const reason = silent.map((one) => `${one.kind}: ${one.reason}`).join('; ')
  const mends = silent.flatMap((one) => (one.how === 'failed' && one.mend ? [one.mend] : []))
  if (silent.some(({ how }) => how === 'failed'))
    return outcome('PROPOSER_FAILED', reason, mends.length === 0 ? null : mends.join('; '))
  const stopped = new Set(silent.flatMap((one) => (one.how === 'nothing' && one.stopped ? [one.stopped] : [])))
  return outcome('NOT_FIXED', reason, untried(session, proposers, stopped))
}

/** Adds up what an answer took, and tells it while the session goes on. */
function count(
  { reporter }: Pick<Session, 'reporter'>,
  { spent }: ProposerQuestion,
  { kind }: Proposer,
  answer: ProposerAnswer,
): void {
  const usage = 'usage' in answer ? answer.usage : undefined
  spent.tokens += (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)
  const one = withUsage(null, usage)
  if (one === null) return
  spent.use = withUsage(spent.use, usage)
  reporter.tell({ is: 'spent', proposer: kind, line: modelUseLine(one) })
}

/** Below this, a context is not made smaller for a model with little room. */
const LEAST_TOKENS = 1_000

function isUsable(answer: ProposerAnswer): answer is UsableAnswer {
  return answer.how === 'reply' || answer.how === 'edits'
}

/** Whether an answer may hold a change; one that does not may still say what is missing. */
function mayChange(answer: UsableAnswer): boolean {
  return answer.how === 'edits' || mayHoldChange(withoutThoughts(answer.text))
}

/** The answers of one proposer; several at once if more than one is wanted and they would differ. */
function answersOf(
  session: AskingSession,
  proposer: Proposer,
  question: ProposerQuestion,
): Promise<readonly ProposerAnswer[]> {
  const samples = proposer.varies ? question.samples : 1
  return Promise.all(Array.from({ length: samples }, () => answerOf(session, proposer, { ...question, samples })))
}

/** The answer of one proposer. A context that did not fit into its model is made smaller, for the rest of the session too. */
async function answerOf(
  session: AskingSession,
  proposer: Proposer,
  question: ProposerQuestion,
): Promise<ProposerAnswer> {
  const { n, round, spent } = question
  for (;;) {
    const tokens = Math.min(spent.contextTokens, TOKENS[Math.min(round, TOKENS.length) - 1] ?? 4_000)
    const request = requestOf(session, question, tokens)
    session.record.set(attemptFile(n, 'context.txt'), new TextEncoder().encode(request.context))
    const answer = await proposer.propose(request)
    throwIfAborted(session)
    count(session, question, proposer, answer)
    if (answer.how !== 'failed' || answer.why !== 'too-long' || tokens < 2 * LEAST_TOKENS) return answer
    spent.contextTokens = Math.floor(tokens / 2)
    request.progress(`${proposer.kind}: ${answer.reason}; asking with half of the context`)
  }
}

/** What else the user can ask for, as words to type; null if there is nothing left. */
function untried(
  { settings }: Pick<Session, 'settings'>,
  proposers: readonly Proposer[],
  stopped: ReadonlySet<StopReason>,
): string | null {
  const asked: ReadonlySet<string> = new Set(proposers.map(({ kind }) => kind))
  const others = PROPOSERS.flatMap(({ kind, suggested }) => (suggested && !asked.has(kind) ? [kind] : []))
  const seconds = Math.max(60, Math.ceil((5 * settings.searchMs) / 1000))
  const ways = [
    ...(others.length > 0 ? [`ask another provider: --provider ${others.join(' or ')}`] : []),
    ...(stopped.has('search time')
      ? [`give the search more time: PP_LIMITS_SEARCH_SECONDS=${seconds} git pp run …`]
      : []),
    ...(stopped.has('session time') ? ['raise --timeout or limits.session_timeout_sec'] : []),
    ...(stopped.has('candidates')
      ? [`let the search try more candidates: PP_LIMITS_MAX_CANDIDATES=${5 * settings.maxCandidates} git pp run …`]
      : []),
  ]
  return ways.length === 0 ? null : ways.join('; ')
}

function warnOnce({ warnings }: Pick<Session, 'warnings'>, text: string): void {
  if (!warnings.includes(text)) warnings.push(text)
}

function requestOf(
  session: AskingSession,
  { n, samples, base, seen, earlier, asked, known = [], spent, refuted, filter, validators }: ProposerQuestion,
  tokens: number,
): ProposalRequest {
  const { settings } = session
  return {
    n,
    command: failingCommands(base.round),
    context: maskedText(session.redactor, [seen.context(tokens, asked), ...known].join('\n\n')),
    suspects: seen.places,
    expected: seen.expected,
    earlier,
    files: {
      list: () => seen.files.paths,
      isProduct: (path) => session.judgeOf(path) === null,
      read: seen.files.bytes,
    },
    beside: session.includes,
    trial: candidateTrial(session, base, refuted, filter),
    trialCosts: async () => ({
      wholeMs: redMeasurements(base.round).reduce((sum, { execution }) => sum + execution.durationMs, 0),
      failingMs: (await filter())?.ms ?? null,
    }),
    validate: candidateValidation(session, base, validators),
    jobs: jobsAtOnce(session),
    budget: {
      ms: Math.max(0, Math.floor(timeLeft(session))),
      searchMs: settings.searchMs,
      tokens:
        settings.maxModelTokens === null
          ? null
          : Math.max(0, Math.floor((settings.maxModelTokens - spent.tokens) / samples)),
      candidates: settings.maxCandidates,
    },
    tell: (line) => session.reporter.tell({ is: 'answer', line }),
    progress: (line) => session.reporter.tell({ is: 'progress', line }),
    signal: session.signal,
  }
}

/** The commands that fail, as typed, one on each line. */
export function failingCommands(base: Round): string {
  return redMeasurements(base)
    .map(({ target }) => spellCommand(target.command))
    .join('\n')
}
