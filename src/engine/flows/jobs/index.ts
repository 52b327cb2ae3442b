/** Jobs between machines: what a worker does with one, and what the asking side does with a result. */
export { askAgain, askFor } from './ask.ts'
export { type BatchJournal, type JobAnswer, type JobBatch, jobsByKey, linesFor, openKeys } from './batch.ts'
export { type BelievedResult, checkResult, type ResultTools } from './check-result.ts'
export { collect } from './collect.ts'
export type { CollectProgress, CollectReports, CollectTools } from './collecting.ts'
export { type JobOutcome, refusal, type WorkerTools } from './do-job.ts'
export { work } from './work.ts'
