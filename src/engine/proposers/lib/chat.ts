import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenAI } from 'openai'
import { estimateTokens, firstWords, promptMessages, withoutThoughts } from '../../core/context/index.ts'
import { withoutQuotedKey } from '../../core/redact/index.ts'
import type { ProposerAnswer } from '../../model/proposal.ts'
import type { ProposalRequest, Proposer } from '../../ports/proposer.ts'
import { type Completion, type CompletionRequest, requestCompletion, type ServerDialect } from './completion.ts'
import type { Endpoint } from './endpoint.ts'
import { type ServerFailure, serverFailure } from './server-failure.ts'
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
    fetch: await openTransport(end.base, env, pace.idleMs),
    maxRetries: 0,
    timeout: pace.idleMs,
    logLevel: 'off',
  })
  return {
    kind: end.kind,
    model: end.model,
    remote: end.remote,
    sandboxed: true,
    async propose(request) {
      const deadline = AbortSignal.timeout(Math.min(request.budget.ms, 2 ** 31 - 1))
      const answer = await converse(client, end, pace, request, AbortSignal.any([request.signal, deadline]))
      request.signal.throwIfAborted()
      return unquoted(answer, end.key)
    },
  }
}

async function converse(
  client: OpenAI,
  end: Endpoint,
  pace: ChatTiming,
  request: ProposalRequest,
  signal: AbortSignal,
): Promise<ProposerAnswer> {
  const conversation = promptMessages(request)
  const needed = estimateTokens(conversation)
  let left = request.budget.tokens
  let dialect = firstDialect(end)
  let pause = pace.pauseMs
  for (let call = 1; ; call++) {
    if (left !== null && needed >= left) return overBudget(needed, left)
    request.progress(`${end.kind}: asking ${end.model} (about ${needed} tokens)`)
    const ask = { model: end.model, messages: conversation, maxTokens: limit(end, needed, left), dialect, signal }
    const said = await once(client, ask, request, end)
    if (signal.aborted) return outOfTime(request)
    if ('text' in said) return judge(said, end)
    if (said.form && dialect.stream) {
      // Servers that do not know streaming or this name of the limit reject the request at once and without cost.
      dialect = { stream: false, limit: dialect.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens' }
      continue
    }
    const wait = said.waitMs ?? pause
    if (!said.again || call >= pace.calls || wait > pace.longestPauseMs) return givenUp(said, call)
    // A call that broke off may have been billed. Its cost is unknown, so at least the prompt is counted.
    if (left !== null && said.waitMs === null) left -= needed
    request.progress(`${end.kind}: ${said.reason}; again in ${Math.ceil(wait / 1000)} s`)
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return outOfTime(request)
    pause *= 2
  }
}

function givenUp(said: ServerFailure, calls: number): ProposerAnswer {
  const reason = said.again ? `${said.reason} (${calls} ${calls === 1 ? 'call' : 'calls'})` : said.reason
  return { how: 'failed', why: said.why, reason }
}

async function once(
  client: OpenAI,
  ask: Omit<CompletionRequest, 'grown'>,
  request: ProposalRequest,
  end: Endpoint,
): Promise<Completion | ServerFailure> {
  const ticker = tick(request, end.kind)
  try {
    return await requestCompletion(client, { ...ask, grown: ticker.grown })
  } catch (error) {
    return serverFailure(error, end.base)
  } finally {
    ticker.stop()
  }
}

function firstDialect(end: Endpoint): ServerDialect {
  const own = new URL(end.base).hostname === 'api.openai.com'
  return { stream: true, limit: own ? 'max_completion_tokens' : 'max_tokens' }
}

function limit(end: Endpoint, needed: number, left: number | null): number | null {
  const rest = left === null ? null : left - needed
  if (rest === null || (end.maxTokens === null && rest >= SEND_LIMIT_BELOW)) return end.maxTokens
  return Math.min(end.maxTokens ?? rest, rest)
}

/** The answer for a completion: a reply, also if it holds no patch, or why there is none. */
function judge(said: Completion, end: Endpoint): ProposerAnswer {
  const failed = (why: 'refused' | 'empty' | 'truncated', reason: string): ProposerAnswer => ({
    how: 'failed',
    why,
    reason,
    usage: said.usage,
  })
  const text = withoutThoughts(said.text)
  const model = firstWords(said.model ?? end.model, 60)
  if (said.refusal !== '') return failed('refused', `${model} refused: ${firstWords(said.refusal)}`)
  if (said.finish === 'content_filter') return failed('refused', `the server's content filter stopped ${model}`)
  if (said.finish === 'length') {
    const variable = `PP_${end.kind.toUpperCase()}_MAX_TOKENS`
    return failed('truncated', `the reply of ${model} was cut off; raise ${variable} or limits.max_model_tokens`)
  }
  if (text === '') return failed('empty', `${model} answered with nothing`)
  return { how: 'reply', text: said.text, model: said.model ?? end.model, usage: said.usage }
}

function overBudget(needed: number, left: number): ProposerAnswer {
  const reason = `the prompt needs about ${needed} tokens, but only ${Math.max(0, left)} are left; raise limits.max_model_tokens`
  return { how: 'failed', why: 'budget', reason }
}

function outOfTime(request: ProposalRequest): ProposerAnswer {
  return {
    how: 'failed',
    why: 'budget',
    reason: `the model did not answer within ${Math.round(request.budget.ms / 1000)} s`,
  }
}

/** Reports once a second how much has arrived, while data arrives. */
function tick(request: ProposalRequest, kind: string): { grown: (characters: number) => void; stop: () => void } {
  let now = 0
  let told = 0
  const timer = setInterval(() => {
    if (now > told) request.progress(`${kind}: ${now} characters so far`)
    told = now
  }, 1000)
  return {
    grown: (characters) => {
      now = characters
    },
    stop: () => clearInterval(timer),
  }
}

/** Servers often quote the key in error messages, so it is removed. */
function unquoted(answer: ProposerAnswer, key: string | null): ProposerAnswer {
  return answer.how === 'failed' ? { ...answer, reason: withoutQuotedKey(answer.reason, key) } : answer
}
