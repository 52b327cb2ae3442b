import type { ChatMessage } from '../../core/context/index.ts'
import type { TokenUsage } from '../../model/proposal.ts'
import type { Completion } from './completion.ts'
import type { TokenPrice } from './endpoint.ts'

/** A token of text or code has about this many bytes; rather too few, so that a limit is kept. */
const BYTES_PER_TOKEN = 3
const MILLION = 1_000_000

/** What one conversation with a server takes. */
export interface Spent {
  /** Counts a call that was answered. */
  answered(conversation: readonly ChatMessage[], said: Completion): void
  /** Counts a call that broke off after so many characters: it may have been billed, but nobody reports its cost. */
  broken(conversation: readonly ChatMessage[], characters: number): void
  /** Counts a call that the server turned away; it costs nothing. */
  rejected(): void
  tokens(): number
  usage(): TokenUsage
}

export function newSpent(clock: () => number, price: TokenPrice | null): Spent {
  const since = clock()
  let [inputTokens, outputTokens, requests] = [0, 0, 0]
  let isEstimated = false
  const count = (input: number, output: number) => {
    inputTokens += input
    outputTokens += output
    requests++
  }
  const estimated = (conversation: readonly ChatMessage[], outputBytes: number) => {
    isEstimated = true
    count(
      conversation.reduce((sum, { content }) => sum + estimate(Buffer.byteLength(content)), 0),
      estimate(outputBytes),
    )
  }
  return {
    answered(conversation, { usage, text, reasoning, refusal }) {
      if (usage === null) estimated(conversation, Buffer.byteLength(text + reasoning + refusal))
      else count(usage.inputTokens ?? 0, usage.outputTokens ?? 0)
    },
    broken: estimated,
    rejected: () => count(0, 0),
    tokens: () => inputTokens + outputTokens,
    usage: () => ({
      inputTokens,
      outputTokens,
      requests,
      ms: Math.round(clock() - since),
      ...(isEstimated && { estimated: true as const }),
      ...(price && { cost: (inputTokens * price.input + outputTokens * price.output) / MILLION }),
    }),
  }
}

function estimate(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN)
}
