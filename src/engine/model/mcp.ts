import * as z from 'zod'
import { ProofList, SHARED } from './answers.ts'
import type { KeyMode } from './kinds.generated.ts'
import { Oid, SessionId } from './oid.ts'
import { SCHEMA_VERSION, SessionResult } from './session.ts'

// What programs may ask `git pp mcp`, and what it answers. No question names a command, a path, a key or anything that loosens a
// run: what is not listed here is refused before anything starts.

/** How the person who started the server wants it to work. */
export interface McpOptions {
  /** Null: nothing is signed. */
  readonly sign: { readonly mode: KeyMode; readonly keyFile?: string; readonly keyEnv?: string } | null
  /** Files with the public keys that `verify` trusts. */
  readonly trust: readonly string[]
  /** In ms: after so long a call is answered with what is known by then. */
  readonly answerWithinMs: number
}

/** The default; the usual limit of clients is 60 s. */
export const ANSWER_WITHIN_MS = 45_000

const Revision = z
  .string()
  .max(200)
  .regex(/^[^-\s]\S*$/)
const PROOF = 'a commit, or the beginning of the id of a session'

export const ProveQuestion = z.strictObject({
  change: Revision.optional().describe(
    'The change to prove: a commit, or A..B. Without it: the uncommitted work, or HEAD if there is none.',
  ),
  target: z
    .string()
    .max(64)
    .regex(/^\w[\w.-]*$/)
    .optional()
    .describe("The name of a target in the base's pp.yaml. Without it: all of its targets."),
})
export const ProveStatusQuestion = z.strictObject({ id: z.string().max(64).describe('The id that prove answered.') })
export const VerifyQuestion = z.strictObject({
  proofs: z
    .array(Revision)
    .max(20)
    .optional()
    .describe(`Each one is ${PROOF}, or a range A..B. Without it: the newest session, or HEAD.`),
})
export const ShowQuestion = z.strictObject({
  proof: Revision.optional().describe(`${PROOF}. Without it: the newest session, or HEAD.`),
})
export const LogQuestion = z.strictObject({
  limit: z.int().min(1).max(200).default(20).describe('How many proofs are listed, the newest first.'),
})

/** How many items of one list are answered; the text says how many there are. */
export const LISTED = 50
/** In characters: how much of a patch is answered. */
export const PATCH_SHOWN = 64 * 1024

const text = z.string()
const maybe = text.nullable()
const head = { schemaVersion: z.literal(SCHEMA_VERSION), reason: text.describe('1 sentence for a person.') }

/** What a session came to, without its single runs. */
export const SessionOutcome = SessionResult.pick({
  verdict: true,
  reason: true,
  mend: true,
  counts: true,
  failures: true,
  judgesChanged: true,
  notShown: true,
  warnings: true,
}).extend({ session: SessionId, commit: Oid.nullable(), signed: z.boolean() })
export type SessionOutcome = z.infer<typeof SessionOutcome>

/** The answer of `prove` and of `prove_status`. */
export const ProveAnswer = z.strictObject({
  ...head,
  state: z.enum(['waiting', 'running', 'done']),
  id: text.describe('Ask prove_status with it.'),
  outcome: SessionOutcome.nullable().describe('Null until the state is done.'),
})

export const VerifyAnswer = z.strictObject({ ...head, verdict: text, results: z.array(SHARED.verification) })

export const ShowAnswer = SessionOutcome.extend({
  schemaVersion: z.literal(SCHEMA_VERSION),
  base: maybe,
  author: text,
  startedAt: text,
  finishedAt: text,
  patch: maybe.describe(`At most ${PATCH_SHOWN} characters of it.`),
})

export const LogAnswer = ProofList
