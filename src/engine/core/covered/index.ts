/** Whether a proof says as much as a job of CI that would run the same commands. */
export { notCoveredReason } from './not-covered-reason.ts'
export { notPullRequestReason } from './not-pull-request-reason.ts'
