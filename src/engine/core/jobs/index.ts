/** Jobs for other machines: their keys, their subjects on the broker, and what a result has to say. */
export { type Deaths, deathsIn, endsWorkers } from './deaths.ts'
export { jobKey, queueOf, repositoryToken } from './job-key.ts'
export { patchCommit } from './patch-commit.ts'
export { encodeJob, readJob } from './read-job.ts'
export { readRepositories } from './read-repositories.ts'
export { outcomesDiffer } from './same-outcome.ts'
export { encodeResult, openResult, resultMessage, type UncheckedResult } from './signed-result.ts'
export {
  bundlePart,
  cancelSubject,
  jobMessageId,
  jobSubject,
  readJobSubject,
  readResultSubject,
  readRunSubject,
  resultMessageId,
  resultPart,
  resultSubject,
  runSubject,
  SUBJECTS,
} from './subjects.ts'
