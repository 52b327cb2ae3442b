/** How many runs are needed, what the runs of a flaky test show, and tests of several candidates at once. */
export { firstThat } from './first-that.ts'
export { differsSignificantly, residualFailureRate, runsToSeeFailure } from './fisher-test.ts'
export { isFocused, looksTwice, planFocusedRuns, planOlderPairs, planRuns, type RunPlan } from './pair-count.ts'
export { flakyLine, formatTally, type TrialsStatus, trialsLine, trialsOf, trialsStatus } from './trials-status.ts'
export { baseDifference, type ValidationWords, validationWords } from './validation-words.ts'
