import * as z from 'zod'

/**
 * A judge that is not known by its name alone. `test`: it decides what passes; `program`: the command runs it, and it is the
 * program under test, so nothing outside of it decides. `why`: a clause for people.
 */
export const FoundJudge = z.strictObject({ path: z.string(), judge: z.enum(['test', 'program']), why: z.string() })
export type FoundJudge = z.infer<typeof FoundJudge>

/** At most this many of them are recorded. */
export const MOST_FOUND = 200

/** `judges.json` */
export const FoundJudges = z.array(FoundJudge).max(MOST_FOUND)
