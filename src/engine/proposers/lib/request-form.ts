import type { ChatMessage } from '../../core/context/index.ts'

/** The form of requests that a server accepts: not all of them stream, and the names of the limit and of the roles differ. */
export interface RequestForm {
  readonly stream: boolean
  /** Whether a stream is asked to end with what it cost. */
  readonly streamUsage: boolean
  /** Null: no limit is sent. */
  readonly limit: LimitField | null
  /** Whether the rules are a message of their own. Otherwise they are the beginning of the question. */
  readonly system: boolean
}

type LimitField = 'max_tokens' | 'max_completion_tokens'

/** What a server said about a request that it rejected. */
export interface Rejection {
  /** Its words, and the parameter that it named. */
  readonly words: string
  /** Whether anything may be wrong: neither a parameter nor a code says what it is. */
  readonly isVague: boolean
}

/** Whether the limit is sent, and whether it may be left out because it is not the user's own. */
export interface SentLimit {
  readonly isSent: boolean
  readonly mayDrop: boolean
}

export function firstForm(base: string): RequestForm {
  const isOpenAi = new URL(base).hostname === 'api.openai.com'
  return { stream: true, streamUsage: true, limit: isOpenAi ? 'max_completion_tokens' : 'max_tokens', system: true }
}

/** The fields of a request besides the model and the messages. */
export function formFields(form: RequestForm, maxTokens: number | null): Record<string, unknown> {
  return {
    ...(form.limit === null || maxTokens === null ? {} : { [form.limit]: maxTokens }),
    ...(form.stream ? { stream: true } : {}),
    ...(form.stream && form.streamUsage ? { stream_options: { include_usage: true } } : {}),
  }
}

export function formMessages(form: RequestForm, conversation: readonly ChatMessage[]): readonly ChatMessage[] {
  if (form.system) return conversation
  return [{ role: 'user', content: conversation.map(({ content }) => content).join('\n\n') }]
}

interface FormChange {
  /** The words of a rejection that ask for it. */
  readonly asked: RegExp
  readonly makes: Partial<RequestForm>
  /** Whether it is also tried if the server does not say what is wrong. */
  readonly isGuessed: boolean
}

/** The ways in which a form can still change, one thing each. */
function changesOf(form: RequestForm, tried: readonly RequestForm[], { isSent, mayDrop }: SentLimit): FormChange[] {
  const names = ['max_tokens', 'max_completion_tokens', ...(mayDrop ? [null] : [])] as const
  const limit = names.find((name) => name !== form.limit && tried.every((one) => one.limit !== name))
  const changes: FormChange[] = []
  if (form.stream && form.streamUsage)
    changes.push({ asked: /stream_options|include_usage/i, makes: { streamUsage: false }, isGuessed: false })
  if (form.stream) changes.push({ asked: /stream/i, makes: { stream: false }, isGuessed: true })
  if (isSent && limit !== undefined) changes.push({ asked: /max_\w*tokens/i, makes: { limit }, isGuessed: true })
  if (form.system)
    changes.push({ asked: /\b(?:system|roles?|developer)\b/i, makes: { system: false }, isGuessed: true })
  return changes
}

/**
 * The form to try next, with one change; null if there is nothing to change. The words of the server only decide which change
 * comes first. `tried`: the forms that were rejected before.
 */
export function nextForm(
  form: RequestForm,
  { words, isVague }: Rejection,
  tried: readonly RequestForm[],
  limit: SentLimit,
): RequestForm | null {
  const changes = changesOf(form, tried, limit)
  const asked = changes.find((change) => change.asked.test(words))
  const next = asked ?? (isVague ? changes.find(({ isGuessed }) => isGuessed) : undefined)
  return next ? { ...form, ...next.makes } : null
}
