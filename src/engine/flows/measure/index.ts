/** Running the targets on a tree, and reading what one round of runs shows. */
export {
  allGreen,
  duration,
  failingTests,
  type Measurement,
  type Measuring,
  measure,
  onceMore,
  type Round,
  type RoundSpec,
  reds,
  unsettled,
} from './round.ts'
export { undecidedOutcome, unsettledOutcome } from './undecided.ts'
export { learn, learnt, rewritten, writableRemarks, writesDenied } from './writable.ts'
