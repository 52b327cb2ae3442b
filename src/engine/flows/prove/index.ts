/** From the steps to a verdict, for a change that exists and for a flaky test. */
export { allowedIn, concluded, newProgress, type Progress, type Proved, settle } from './ending.ts'
export { proveFlow } from './prove.ts'
