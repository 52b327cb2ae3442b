/** Combines the steps into a verdict, for a change that exists and for a flaky test. */

export { proveFlow } from './prove.ts'
export { type Ending, runAndSeal, settlePendingChange } from './session-ending.ts'
export { newProgress, type ProvedChange, type SessionProgress } from './session-progress.ts'
export { allowedJudgesOf } from './session-result.ts'
