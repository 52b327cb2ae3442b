/** Combines the steps into a verdict, for a change that exists and for a flaky test. */

export { proveFlow } from './prove.ts'
export {
  allowedJudgesOf,
  newProgress,
  type ProvedChange,
  runAndSeal,
  type SessionProgress,
  settlePendingChange,
} from './session-ending.ts'
