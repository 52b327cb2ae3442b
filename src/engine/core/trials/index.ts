/** How many runs are needed, and what the runs of a flaky test show. */
export { differsSignificantly, residualFailureRate, runsToSeeFailure } from './fisher-test.ts'
export { isFocused, looksTwice, planFocusedRuns, planOlderPairs, planRuns, type RunPlan } from './pair-count.ts'
export { flakyLine, formatTally, type TrialsStatus, trialsLine, trialsOf, trialsStatus } from './trials-status.ts'
