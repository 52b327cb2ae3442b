/** The commits and tags that a sandbox shows when the policy asks for a history. */
export {
  commitOf,
  PastFacts,
  parentsFirst,
  parentsIn,
  pastDiffers,
  pastFacts,
  recordedHistory,
  recordedPast,
  tagOf,
} from './history.ts'
