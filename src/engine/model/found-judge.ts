import * as z from 'zod'

/**
 * A file of the base that is not known by its name alone, or a file that the change touches. `test`: it decides what passes;
 * `program`: the command runs it, and it is the program under test, so nothing outside of it decides; `product`: source that
 * the run of the base read; `read`: data that it read; `not seen`: it did not read it. `why`: a clause for people.
 */
export const FoundJudge = z.strictObject({
  path: z.string(),
  judge: z.enum(['test', 'program', 'product', 'read', 'not seen']),
  why: z.string(),
})
export type FoundJudge = z.infer<typeof FoundJudge>

/** At most this many of them are recorded. */
export const MOST_FOUND = 200

/** `judges.json` */
export const FoundJudges = z.array(FoundJudge).max(MOST_FOUND)
