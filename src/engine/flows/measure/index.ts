/** Running the targets on a tree, and reading what one round of runs shows. */

export { failuresOf } from './failures.ts'
export { jobsAtOnce } from './jobs-at-once.ts'
export {
  rememberAndCheckWrites,
  rememberJudgeWrites,
  tamperedJudges,
  writableRemarks,
  writesDenied,
} from './judge-writes.ts'
export { measureTree, onceMore } from './measure-tree.ts'
export {
  allGreen,
  cutAfter,
  failingTestsOf,
  firstUndecided,
  type Measurement,
  type Measuring,
  type Round,
  type RoundSpec,
  redMeasurements,
  roundDuration,
  wasCutOff,
} from './round.ts'
export { runInstrumented, runTraced, type TracedSession } from './traced-run.ts'
export { undecidedOutcome, undecidedRoundOutcome } from './undecided-outcome.ts'
