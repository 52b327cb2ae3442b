/** The commits and tags that a sandbox shows when the policy asks for a history. */
export {
  commitOf,
  historyDifference,
  parentsFirst,
  parentsIn,
  recordedHistory,
  recordedHistoryFacts,
  tagOf,
  VisibleHistoryFacts,
  visibleHistoryFacts,
} from './visible-history.ts'
