import * as z from 'zod'
import { Oid } from './oid.ts'
import { Verdict } from './verdict.ts'

/** The answer for one line of `prove --patches`, in the order in which the answers come. */
export const PatchVerdict = z.strictObject({
  /** The id of the line; null: it has none. */
  id: z.string().nullable(),
  /** From 1. */
  line: z.int(),
  verdict: Verdict,
  reason: z.string(),
  mend: z.string().nullable(),
  /** The session that showed it; null: nothing was run. */
  session: z.string().nullable(),
  base: Oid.nullable(),
  /** The commit of the proved change. */
  final: Oid.nullable(),
  /** True: an earlier call of this machine proved the same, and nothing was run now. */
  known: z.boolean(),
  /** In seconds. */
  seconds: z.number(),
})
export type PatchVerdict = z.infer<typeof PatchVerdict>

/** A patch that is to be proved: what one line asks for. */
export interface PatchToProve {
  readonly id: string | null
  readonly line: number
  /** A revision; null: that of the call. */
  readonly base: string | null
  readonly patch: string
  /** Null: that of the call. */
  readonly command: string | readonly string[] | null
}
