import * as z from 'zod'
import { Oid } from './oid.ts'
import { STATUS_OF_VERDICT, Verdict } from './verdict.ts'

/** The verdict of a session, or what two sessions on two machines come to. */
export const AnsweredVerdict = z.enum([...Verdict.options, 'INCONCLUSIVE'])
export type AnsweredVerdict = z.infer<typeof AnsweredVerdict>

/** The exit status for a verdict; INCONCLUSIVE is 6. */
export function statusOfAnswered(verdict: AnsweredVerdict): number {
  return verdict === 'INCONCLUSIVE' ? 6 : STATUS_OF_VERDICT[verdict]
}

/** The answer for one line of `prove --patches`, in the order in which the answers come. */
export const PatchVerdict = z.strictObject({
  /** The id of the line; null: it has none. */
  id: z.string().nullable(),
  /** From 1. */
  line: z.int(),
  /** INCONCLUSIVE: two machines disagree. */
  verdict: AnsweredVerdict,
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
  /** The workers whose results were believed. Absent: it was proved here. */
  workers: z.array(z.string()).optional(),
})
export type PatchVerdict = z.infer<typeof PatchVerdict>

/** Verdicts that the change decides. The others depend on the machine and on chance, and are asked for again. */
export const DECIDED_VERDICTS: ReadonlySet<AnsweredVerdict> = new Set([
  ...(['PROVED', 'PRESERVED', 'NOT_FIXED', 'NOT_RED', 'TESTS_CHANGED', 'RIGGED', 'DENIED'] as const),
])

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
