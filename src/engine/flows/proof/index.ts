/** The steps of a proof: red without the change, green with it, red again, and the judges of the base. */
export {
  type Baseline,
  type BaselineResult,
  baseline,
  firstRuns,
  flakyHint,
  lacksExpectedText,
  runWithOwnJudges,
} from './baseline.ts'
export { type ConfirmedRuns, confirmChange, provedAs, provedReason } from './confirm-change.ts'
export { examineChange, examineFailingTests } from './examine-change.ts'
export { failingTestsAlone, selectedTargets } from './failing-tests.ts'
export { type FirstLook, firstLook, type KnownTests } from './first-look.ts'
export { judgesShownByRun } from './judges-shown-by-run.ts'
export { minimiseChange } from './minimise-change.ts'
export { readsTree } from './probe-change.ts'
export type { Proving } from './proving.ts'
export { compareReports, suiteOutcome } from './suite-outcome.ts'
