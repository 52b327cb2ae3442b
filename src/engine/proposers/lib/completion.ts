import type { OpenAI } from 'openai'
import * as z from 'zod'
import type { ChatMessage } from '../../core/context/index.ts'
import type { TokenUsage } from '../../model/proposal.ts'
import { AnswerBrokeOff, type AnswerPart, AnswerTooLarge, answerParts } from './answer-parts.ts'
import { errorOfText, errorOfValue, isError, ServerError } from './server-error.ts'

/** The complete reply of a model. `finish` null: the server did not say why it ended. */
export interface Completion {
  readonly text: string
  /** What it thought, where the server gives that apart from the reply. */
  readonly reasoning: string
  readonly refusal: string
  /** The calls of tools, in their order. */
  readonly calls: readonly ToolCall[]
  readonly finish: string | null
  readonly model: string | null
  /** Null: the server did not report it. */
  readonly usage: TokenUsage | null
  /** The keys of an answer in the format of another interface; empty for one that was understood. */
  readonly strange: readonly string[]
}

export interface ToolCall {
  readonly name: string
  readonly arguments: string
}

export interface CompletionRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** The fields of the body besides the model and the messages. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  /** Gets the number of characters so far. */
  readonly grown: (characters: number) => void
}

const MAX_REPLY = 4 * 1024 * 1024

/** A text, or the texts of a list of parts. */
const Text = z
  .union([
    z.string(),
    z
      .array(z.union([z.string(), z.looseObject({ text: z.string() }).transform(({ text }) => text), z.unknown()]))
      .transform((parts) => parts.filter((part) => typeof part === 'string').join('')),
  ])
  .nullish()
  .catch(null)
const Call = z.object({ name: z.string().nullish().catch(null), arguments: z.string().nullish().catch(null) })
const Said = z.object({
  content: Text,
  reasoning_content: Text,
  reasoning: Text,
  refusal: Text,
  tool_calls: z
    .array(z.object({ index: z.int().nullish().catch(null), function: Call.nullish().catch(null) }))
    .nullish()
    .catch(null),
  function_call: Call.nullish().catch(null),
})
const Usage = z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish().catch(null)
const Choice = z.object({
  delta: Said.nullish().catch(null),
  message: Said.nullish().catch(null),
  text: Text,
  finish_reason: z.string().nullish().catch(null),
  usage: Usage,
  error: z.unknown().optional(),
})
const Chunk = z.object({
  model: z.string().nullish().catch(null),
  choices: z.array(Choice).nullish().catch([]),
  usage: Usage,
})
const EMPTY: Completion = {
  text: '',
  reasoning: '',
  refusal: '',
  calls: [],
  finish: null,
  model: null,
  usage: null,
  strange: [],
}

/** One call. Throws what the client or the connection throws, and a ServerError for an error inside of the answer. */
export async function requestCompletion(client: OpenAI, ask: CompletionRequest): Promise<Completion> {
  const messages = ask.messages.map(({ role, content }) => ({ role, content }))
  const { signal } = ask
  const response = await client.chat.completions
    .create({ model: ask.model, messages, ...ask.fields }, { signal })
    .asResponse()
  const done = await gather(answerParts(response.body ?? emptyBody()), response.headers, ask.grown)
  signal.throwIfAborted()
  return done
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

async function gather(
  parts: AsyncIterable<AnswerPart>,
  headers: Headers,
  grown: (characters: number) => void,
): Promise<Completion> {
  let so = EMPTY
  let isWhole = false
  let words = ''
  for await (const part of parts) {
    if (part.is === 'done') return { ...so, finish: so.finish ?? 'stop' }
    if (part.is === 'text') {
      if (part.event === 'error') throw new ServerError(errorOfText(part.text, headers))
      words += part.text
      continue
    }
    if (part.event === 'error' || isError(part.value)) throw new ServerError(errorOfValue(part.value, headers))
    so = absorb(so, part.value, headers)
    isWhole ||= part.isWhole || so.finish !== null || so.strange.length > 0
    const size = so.text.length + so.reasoning.length
    grown(size)
    if (size > MAX_REPLY) throw new AnswerTooLarge()
  }
  if (so === EMPTY && words !== '' && !words.startsWith('{')) throw new ServerError(errorOfText(words, headers))
  if (!isWhole) throw new AnswerBrokeOff()
  return so
}

/** What was said so far, together with one more value. */
function absorb(so: Completion, raw: unknown, headers: Headers): Completion {
  const chunk = Chunk.safeParse(raw).data
  const choice = chunk?.choices?.[0]
  if (choice?.error) throw new ServerError(errorOfValue(choice.error, headers))
  const said = choice?.delta ?? choice?.message
  const usage = chunk?.usage ?? choice?.usage
  const isForeign = !chunk?.choices && !usage
  return {
    text: so.text + (said?.content ?? choice?.text ?? ''),
    reasoning: so.reasoning + (said?.reasoning_content ?? said?.reasoning ?? ''),
    refusal: so.refusal + (said?.refusal ?? ''),
    calls: said ? withCalls(so.calls, said) : so.calls,
    finish: choice?.finish_reason || so.finish,
    model: chunk?.model || so.model,
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : so.usage,
    strange: isForeign ? Object.keys(Object(raw)).slice(0, 6) : so.strange,
  }
}

/** A stream sends the arguments of a call in pieces, with the number of the call beside each piece. */
function withCalls(calls: readonly ToolCall[], said: z.infer<typeof Said>): readonly ToolCall[] {
  const pieces = [
    ...(said.tool_calls ?? []),
    ...(said.function_call ? [{ index: 0, function: said.function_call }] : []),
  ]
  if (pieces.length === 0) return calls
  const all = [...calls]
  for (const piece of pieces) {
    const at = piece.index ?? all.length
    const before = all[at] ?? { name: '', arguments: '' }
    const { name, arguments: more } = piece.function ?? {}
    all[at] = { name: before.name || (name ?? ''), arguments: before.arguments + (more ?? '') }
  }
  return all.filter(Boolean)
}
