/** Running again if one run is not enough: whether two rounds agree, whether tests were rerun, and which tests are listed. */

export { decideByTwoRuns } from './decide-by-two-runs.ts'
export { listTests } from './list-tests.ts'
export { rerunsOutcome } from './reruns-outcome.ts'
export { OTHER_MESSAGES, otherMessages, roundsDifference, roundsDisagreement } from './rounds-agree.ts'
export { type Meaning, testsChangedOutcome } from './tests-changed.ts'
export { type TrialPair, type TrialsResult, tryInTurn } from './trials.ts'
