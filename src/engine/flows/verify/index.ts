/** Checking a proof without running it. */
export type { Desk, Rules } from './case.ts'
export type { Judged } from './judge.ts'
export { verifyOne } from './range.ts'
export {
  cautioned,
  gateOf,
  type Subject,
  subjectOf,
  type Terms,
  TRUST_PATH,
  trustListOf,
  verifySubject,
} from './request.ts'
export { linesOn, type Shelves } from './shelves.ts'
export { verifyBundle } from './verify.ts'
