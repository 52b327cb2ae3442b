import * as z from 'zod'

/** What asking a model took; tokens are null if no model was asked. */
export const TokenUsage = z.strictObject({
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  /** Calls of the server, those included that failed. */
  requests: z.int().optional(),
  ms: z.int().optional(),
  /** Some of the tokens were not reported by the server, so they are counted as a third of the bytes. */
  estimated: z.literal(true).optional(),
  /** In the currency of the configured prices; absent: none is configured. */
  cost: z.number().min(0).optional(),
})
export type TokenUsage = z.infer<typeof TokenUsage>

/** The answer of a proposer: a text that contains a diff in some form, finished edits, or the reason why there is neither. */
export type ProposerAnswer =
  | { readonly how: 'reply'; readonly text: string; readonly model: string | null; readonly usage: TokenUsage }
  | {
      readonly how: 'edits'
      readonly edits: ReadonlyMap<string, Uint8Array | null>
      readonly note: string
      /** What a reader of the proof has to know. */
      readonly remark?: string
      /** Why it is probably no repair, although it passes; it is proved only if the user accepts that. */
      readonly doubt?: string
    }
  | {
      readonly how: 'nothing'
      readonly reason: string
      /** The limit that stopped it before it had tried everything. */
      readonly stopped?: 'search time' | 'session time' | 'candidates'
      /** What the next proposer has to know of it: what was tried and did not help. */
      readonly handOn?: string
    }
  | {
      readonly how: 'failed'
      /** `too-long`: the context did not fit into the model. */
      readonly why: 'unreachable' | 'refused' | 'no-key' | 'empty' | 'truncated' | 'too-long' | 'budget' | 'crashed'
      readonly reason: string
      /** What to set or to type; absent: nothing of the user's helps. */
      readonly mend?: string
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
