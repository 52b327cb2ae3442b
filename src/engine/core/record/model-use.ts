import type { ModelUse } from '../../model/model-use.ts'
import type { TokenUsage } from '../../model/proposal.ts'

/** What models took so far, together with what one more answer took; an answer without a model changes nothing. */
export function withUsage(so: ModelUse | null, usage: TokenUsage | undefined): ModelUse | null {
  if (usage?.requests === undefined) return so
  const { requests, ms = 0, inputTokens, outputTokens, estimated = false, cost = null } = usage
  return {
    requests: requests + (so?.requests ?? 0),
    ms: ms + (so?.ms ?? 0),
    inputTokens: (inputTokens ?? 0) + (so?.inputTokens ?? 0),
    outputTokens: (outputTokens ?? 0) + (so?.outputTokens ?? 0),
    estimated: estimated || (so?.estimated ?? false),
    // A sum without one of its parts would look too cheap.
    cost: cost === null || so?.cost === null ? null : cost + (so?.cost ?? 0),
  }
}

/** `2 requests, 3.4 s, 2310 tokens in and 120 out (estimated), cost 0.0042`. */
export function modelUseLine({ requests, ms, inputTokens, outputTokens, estimated, cost }: ModelUse): string {
  const parts = [
    `${requests} ${requests === 1 ? 'request' : 'requests'}`,
    `${(ms / 1000).toFixed(1)} s`,
    `${inputTokens} tokens in and ${outputTokens} out${estimated ? ' (estimated)' : ''}`,
    ...(cost === null ? [] : [`cost ${spelledCost(cost)}`]),
  ]
  return parts.join(', ')
}

/** Two decimals, or as many as show two digits of a small sum. */
function spelledCost(cost: number): string {
  if (cost === 0 || cost >= 0.1) return cost.toFixed(2)
  return cost.toFixed(Math.min(12, 1 - Math.floor(Math.log10(cost))))
}
