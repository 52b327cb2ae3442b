import * as z from 'zod'

export const TokenUsage = z.strictObject({ inputTokens: z.int().nullable(), outputTokens: z.int().nullable() })
export type TokenUsage = z.infer<typeof TokenUsage>

/** The answer of a proposer: a text that contains a diff in some form, finished edits, or the reason why there is neither. */
export type ProposerAnswer =
  | { readonly how: 'reply'; readonly text: string; readonly model: string | null; readonly usage: TokenUsage }
  | { readonly how: 'edits'; readonly edits: ReadonlyMap<string, Uint8Array | null>; readonly note: string }
  | {
      readonly how: 'nothing'
      readonly reason: string
      /** The limit that stopped it before it had tried everything. */
      readonly stopped?: 'search time' | 'session time' | 'candidates'
    }
  | {
      readonly how: 'failed'
      readonly why: 'unreachable' | 'refused' | 'no-key' | 'empty' | 'truncated' | 'budget' | 'crashed'
      readonly reason: string
      /** What it cost nevertheless, if the server said so. */
      readonly usage?: TokenUsage
    }

/** Why a proposal was not tried; `rule` is a stable word, `line` the line of pp.yaml that decided, if one did. */
export const Refusal = z.strictObject({
  rule: z.string(),
  path: z.string().nullable(),
  message: z.string(),
  source: z.strictObject({ file: z.string(), line: z.int() }).nullable(),
})
export type Refusal = z.infer<typeof Refusal>

/** `attempts/<n>/proposal.json` */
export const ProposalRecord = z.strictObject({
  proposer: z.string(),
  model: z.string().nullable(),
  usage: TokenUsage,
  sandboxed: z.boolean(),
  promptSha256: z.string().nullable(),
  replyBytes: z.int(),
})
export type ProposalRecord = z.infer<typeof ProposalRecord>
