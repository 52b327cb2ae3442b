import * as z from 'zod'

/**
 * `spent.json`: what asking models took in a session. `cost` is in the currency of the configured prices, null without prices
 * or where some tokens have none; `estimated`: some of the tokens were not reported by a server.
 */
export const ModelUse = z.strictObject({
  requests: z.int().min(0),
  ms: z.int().min(0),
  inputTokens: z.int().min(0),
  outputTokens: z.int().min(0),
  estimated: z.boolean(),
  cost: z.number().min(0).nullable(),
})
export type ModelUse = z.infer<typeof ModelUse>
