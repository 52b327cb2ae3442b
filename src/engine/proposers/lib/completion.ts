import type { OpenAI } from 'openai'
import * as z from 'zod'
import type { ChatMessage } from '../../core/context/index.ts'
import type { TokenUsage } from '../../model/proposal.ts'

/** The complete reply of a model. `finish` null: the server did not say why it ended. */
export interface Completion {
  readonly text: string
  readonly refusal: string
  readonly finish: string | null
  readonly model: string | null
  readonly usage: TokenUsage
}

export interface CompletionRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly maxTokens: number | null
  /** The form of requests that this server accepts: not all of them stream, and the name of the limit differs. */
  readonly dialect: ServerDialect
  readonly signal: AbortSignal
  /** Gets the number of characters so far. */
  readonly grown: (characters: number) => void
}

export interface ServerDialect {
  readonly stream: boolean
  readonly limit: 'max_tokens' | 'max_completion_tokens'
}

const MAX_REPLY = 4 * 1024 * 1024

const Said = z.object({ content: z.string().nullish().catch(null), refusal: z.string().nullish().catch(null) })
const Chunk = z.object({
  model: z.string().nullish().catch(null),
  choices: z
    .array(z.object({ delta: Said.nullish(), message: Said.nullish(), finish_reason: z.string().nullish() }))
    .catch([]),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish().catch(null),
})
const UNKNOWN: TokenUsage = { inputTokens: null, outputTokens: null }

/** One call. Throws what the client or the connection throws; an answer in another shape is an empty completion. */
export async function requestCompletion(client: OpenAI, ask: CompletionRequest): Promise<Completion> {
  const { model, dialect } = ask
  const limit = ask.maxTokens === null ? {} : { [dialect.limit]: ask.maxTokens }
  const body = { model, messages: ask.messages.map(({ role, content }) => ({ role, content })), ...limit }
  const controller = new AbortController()
  const signal = AbortSignal.any([ask.signal, controller.signal])
  const response = dialect.stream
    ? await client.chat.completions
        .create({ ...body, stream: true, stream_options: { include_usage: true } }, { signal })
        .asResponse()
    : await client.chat.completions.create(body, { signal }).asResponse()
  const streamed = response.headers.get('content-type')?.includes('text/event-stream') ?? false
  const done = streamed
    ? await gather(await events(client, response, controller), ask.grown)
    : absorb(empty(), await response.json())
  ask.signal.throwIfAborted()
  return done
}

async function events(client: OpenAI, response: Response, controller: AbortController) {
  const { Stream } = await import('openai/core/streaming')
  return Stream.fromSSEResponse<unknown>(response, controller, client)
}

async function gather(chunks: AsyncIterable<unknown>, grown: (characters: number) => void): Promise<Completion> {
  let so = empty()
  for await (const chunk of chunks) {
    so = absorb(so, chunk)
    grown(so.text.length)
    if (so.text.length > MAX_REPLY) return { ...so, finish: 'length' }
  }
  return so
}

function empty(): Completion {
  return { text: '', refusal: '', finish: null, model: null, usage: UNKNOWN }
}

function absorb(so: Completion, raw: unknown): Completion {
  const chunk = Chunk.safeParse(raw).data
  if (chunk === undefined) return so
  const choice = chunk.choices[0]
  const said = choice?.delta ?? choice?.message
  return {
    text: so.text + (said?.content ?? ''),
    refusal: so.refusal + (said?.refusal ?? ''),
    finish: choice?.finish_reason ?? so.finish,
    model: chunk.model || so.model,
    usage: chunk.usage
      ? { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens }
      : so.usage,
  }
}
