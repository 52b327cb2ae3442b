import * as z from 'zod'

/** The first line of pp-candidates.jsonl; a line for each candidate follows it (`CandidateEdit`). */
export interface ValidationHead {
  /** How long candidates may be tried, in seconds, from the moment at which the tests are loaded. */
  readonly seconds: number
  /** How many may be tried at once. */
  readonly jobs: number
  /** How many further candidates are tried, at most, after the first one that passes. */
  readonly lookOn: number
  /** How long a test may take without the change, in seconds, before it counts as hanging. */
  readonly patience: number
}

/** `slow`: it did not end in time; `cannot`: it cannot be tried in this way. */
export const CandidateWord = z.enum(['passes', 'fails', 'slow', 'cannot'])
export type CandidateWord = z.infer<typeof CandidateWord>

/** What the tests do without a change. */
export const ValidatedBase = z.object({
  /** The runner that was met. */
  by: z.string(),
  /** Ids of the failing tests, those that hang included. */
  failing: z.array(z.string()),
  hanging: z.int(),
  passed: z.int(),
  /** What was printed, if the process does not know what its tests are called: the failing ones stand there. */
  output: z.string().optional(),
})
export type ValidatedBase = z.infer<typeof ValidatedBase>

/**
 * A line of pp-words.jsonl: the base, why nothing can be tried, a word on a candidate (its index), what one that passes does for
 * further inputs (a digest for each input; '' where it cannot be said), whether a control was as it has to be, or the end.
 */
export const ValidationLine = z.union([
  ValidatedBase,
  z.object({ cannot: z.string() }),
  z.object({ n: z.int().min(0), is: CandidateWord }),
  z.object({ n: z.int().min(0), does: z.array(z.string().max(64)).max(200) }),
  z.object({ control: z.boolean() }),
  z.object({ end: z.literal(true) }),
])
export type ValidationLine = z.infer<typeof ValidationLine>
