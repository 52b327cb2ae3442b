import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenAI } from 'openai'
import { type ChatMessage, estimateTokens, firstWords, promptMessages } from '../../core/context/index.ts'
import { withoutQuotedKey } from '../../core/redact/index.ts'
import type { ProposerAnswer } from '../../model/proposal.ts'
import type { ProposalRequest, Proposer } from '../../ports/proposer.ts'
import { type Completion, requestCompletion } from './completion.ts'
import type { Endpoint } from './endpoint.ts'
import { insteadOfReply, replyText } from './reply-text.ts'
import { firstForm, formFields, formMessages, nextForm, type RequestForm } from './request-form.ts'
import { throwingErrors } from './server-error.ts'
import { type ServerFailure, serverFailure } from './server-failure.ts'
import { newSpent, type Spent } from './spent.ts'
import { startTicker } from './ticker.ts'
import { openTransport } from './transport.ts'

/** The time limits of a conversation; all in ms, except `calls`. */
export interface ChatTiming {
  /** The pause before the second call; each further pause is twice as long. */
  readonly pauseMs: number
  /** If a server asks for a longer pause, the conversation ends. */
  readonly longestPauseMs: number
  /** The longest time without data from a server. */
  readonly idleMs: number
  readonly calls: number
}

export const CHAT_TIMING: ChatTiming = { pauseMs: 500, longestPauseMs: 60_000, idleMs: 300_000, calls: 5 }

// Below this, the remaining budget is sent as a limit; above it, a server might refuse the limit as too large.
const SEND_LIMIT_BELOW = 32_768

/** A proposer that asks a chat-completions server. It sends nothing before `propose`. */
export async function openChat(
  end: Endpoint,
  env: Readonly<Record<string, string | undefined>>,
  pace: ChatTiming = CHAT_TIMING,
): Promise<Proposer> {
  const { OpenAI } = await import('openai')
  const client = new OpenAI({
    // Values that are missing here would be read by the package from the environment of the process, so they are set to null.
    apiKey: end.key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: end.base,
    defaultHeaders: { authorization: end.key === null ? null : `Bearer ${end.key}` },
    fetch: throwingErrors(await openTransport(end.base, env, pace.idleMs)),
    maxRetries: 0,
    timeout: pace.idleMs,
    logLevel: 'off',
  })
  const form = { now: firstForm(end.base) }
  return {
    kind: end.kind,
    model: end.model,
    remote: end.remote,
    sandboxed: true,
    varies: true,
    async propose(request) {
      const deadline = AbortSignal.timeout(Math.min(request.budget.ms, 2 ** 31 - 1))
      const signal = AbortSignal.any([request.signal, deadline])
      const spent = newSpent(() => performance.now(), end.price)
      const answer = await converse({ client, end, pace, request, signal, spent, form })
      request.signal.throwIfAborted()
      return { ...unquoted(answer, end.key), usage: spent.usage() }
    },
  }
}

interface Conversation {
  readonly client: OpenAI
  readonly end: Endpoint
  readonly pace: ChatTiming
  readonly request: ProposalRequest
  readonly signal: AbortSignal
  readonly spent: Spent
  /** The form of requests that worked last; it is kept for the whole session. */
  readonly form: { now: RequestForm }
}

type AskedAnswer = Exclude<ProposerAnswer, { how: 'nothing' | 'edits' }>

async function converse(talk: Conversation): Promise<AskedAnswer> {
  const { end, pace, request, signal, spent } = talk
  const conversation = promptMessages(request)
  const needed = estimateTokens(conversation)
  let pause = pace.pauseMs
  for (let call = 1; ; call++) {
    const left = request.budget.tokens === null ? null : request.budget.tokens - spent.tokens()
    if (left !== null && needed >= left) return overBudget(needed, left)
    request.progress(`${end.kind}: asking ${end.model} (about ${needed} tokens)`)
    const limit = limitOf(end, needed, left)
    const said = await inKnownForm(talk, conversation, limit.tokens)
    if (signal.aborted) return outOfTime(request)
    if ('text' in said) return judge(said, end, limit)
    const wait = said.waitMs ?? pause
    if (!said.again || call >= pace.calls || wait > pace.longestPauseMs) return givenUp(said, call)
    request.progress(`${end.kind}: ${said.reason}; again in ${Math.ceil(wait / 1000)} s`)
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return outOfTime(request)
    pause *= 2
  }
}

/** Asks in the form that worked last; if the server rejects that, in others. It rejects them at once and without cost. */
async function inKnownForm(
  talk: Conversation,
  conversation: readonly ChatMessage[],
  maxTokens: number | null,
): Promise<Completion | ServerFailure> {
  const rejected: RequestForm[] = []
  let form = talk.form.now
  let first: ServerFailure | null = null
  for (;;) {
    const said = await once(talk, form, conversation, maxTokens)
    if ('text' in said) {
      talk.form.now = form
      return said
    }
    if (said.rejection === null || talk.signal.aborted) return said
    rejected.push(form)
    const sent = { isSent: maxTokens !== null && form.limit !== null, mayDrop: talk.end.maxTokens === null }
    const next = nextForm(form, said.rejection, rejected, sent)
    // The first rejection tells more than one of a form that was only a guess, unless that names another cause.
    if (next === null) return said.rejection.isVague ? (first ?? said) : said
    first ??= said
    form = next
  }
}

function givenUp({ why, reason, mend, again, waitMs }: ServerFailure, calls: number): AskedAnswer {
  const told = [
    ...(waitMs !== null && waitMs > 0 ? [`it asks to wait ${Math.ceil(waitMs / 1000)} s`] : []),
    ...(again ? [`${calls} ${calls === 1 ? 'call' : 'calls'}`] : []),
  ]
  return { how: 'failed', why, reason: told.length === 0 ? reason : `${reason} (${told.join(', ')})`, mend }
}

async function once(
  { client, end, request, signal, spent }: Conversation,
  form: RequestForm,
  conversation: readonly ChatMessage[],
  maxTokens: number | null,
): Promise<Completion | ServerFailure> {
  const ticker = startTicker(end.kind, request.progress)
  const [messages, fields] = [formMessages(form, conversation), formFields(form, maxTokens)]
  try {
    const said = await requestCompletion(client, { model: end.model, messages, fields, signal, grown: ticker.grown })
    spent.answered(messages, said)
    return said
  } catch (error) {
    const failure = serverFailure(error, end)
    if (failure.mayCost || ticker.size() > 0) spent.broken(messages, ticker.size())
    else spent.rejected()
    return failure
  } finally {
    ticker.stop()
  }
}

/** The limit of tokens for one reply, and whose it is; null tokens: none is sent. */
interface ReplyLimit {
  readonly tokens: number | null
  readonly isBudget: boolean
}

function limitOf(end: Endpoint, needed: number, left: number | null): ReplyLimit {
  const rest = left === null ? null : left - needed
  const isFar =
    end.maxTokens === null ? rest !== null && rest >= SEND_LIMIT_BELOW : rest !== null && rest >= end.maxTokens
  return rest === null || isFar ? { tokens: end.maxTokens, isBudget: false } : { tokens: rest, isBudget: true }
}

// What was spent on the whole conversation takes its place.
const NOT_COUNTED = { inputTokens: null, outputTokens: null }

/** The answer for a completion: a reply, also if it holds no patch, or why there is none. */
function judge(said: Completion, end: Endpoint, limit: ReplyLimit): AskedAnswer {
  const prefix = `PP_${end.kind.toUpperCase()}`
  const model = firstWords(said.model ?? end.model, 60)
  const failed = (why: 'refused' | 'empty' | 'truncated', reason: string, mend: string): AskedAnswer => ({
    how: 'failed',
    why,
    reason,
    mend,
  })
  const other = 'take another model: --model NAME'
  const text = replyText(said)
  if (said.strange.length > 0) {
    const keys = firstWords(said.strange.join(', '), 100)
    const reason = `the server does not answer in the format of chat completions (its answer has ${keys}); is ${prefix}_BASE_URL right (…/v1)? Asked was ${end.base}/chat/completions`
    return failed('empty', reason, `export ${prefix}_BASE_URL=https://HOST/v1`)
  }
  if (said.refusal !== '') return failed('refused', `${model} refused: ${firstWords(said.refusal)}`, other)
  if (said.finish === 'content_filter') return failed('refused', `the server's content filter stopped ${model}`, other)
  if (said.finish === 'length') {
    const [way, mend] = limit.isBudget
      ? ['raise limits.max_model_tokens', 'export PP_LIMITS_MAX_MODEL_TOKENS=N']
      : [`${limit.tokens === null ? 'set' : 'raise'} ${prefix}_MAX_TOKENS`, `export ${prefix}_MAX_TOKENS=N`]
    const what = text === '' && said.reasoning !== '' ? 'it was cut off while it was still thinking' : 'it was cut off'
    return failed('truncated', `the reply of ${model} is not whole: ${what}; ${way}`, mend)
  }
  if (text === '') return failed('empty', `${model} ${insteadOfReply(said)}`, other)
  return { how: 'reply', text, model: said.model ?? end.model, usage: NOT_COUNTED }
}

function overBudget(needed: number, left: number): AskedAnswer {
  const reason = `the prompt needs about ${needed} tokens, but only ${Math.max(0, left)} are left; raise limits.max_model_tokens`
  return { how: 'failed', why: 'budget', reason, mend: 'export PP_LIMITS_MAX_MODEL_TOKENS=N' }
}

function outOfTime(request: ProposalRequest): AskedAnswer {
  return {
    how: 'failed',
    why: 'budget',
    reason: `the model did not answer within ${Math.round(request.budget.ms / 1000)} s`,
    mend: 'raise --timeout or limits.session_timeout_sec',
  }
}

/** Servers often quote the key in error messages, so it is removed. */
function unquoted(answer: AskedAnswer, key: string | null): AskedAnswer {
  return answer.how === 'failed' ? { ...answer, reason: withoutQuotedKey(answer.reason, key) } : answer
}
