import * as z from 'zod'

/**
 * A file beside those that its name makes a judge. `test`: it decides what passes; `program`: the command runs it, and it is
 * what is to be mended, so nothing outside of it decides. `why`: a clause for people.
 */
export const FoundJudge = z.strictObject({ path: z.string(), judge: z.enum(['test', 'program']), why: z.string() })
export type FoundJudge = z.infer<typeof FoundJudge>

/** How many of them a record tells. */
export const MOST_FOUND = 200

/** `judges.json` */
export const FoundJudges = z.array(FoundJudge).max(MOST_FOUND)
