import * as z from 'zod'
import { Job, type JobAddress } from '../../model/job.ts'
import { canonicalJson, parseJson, strictUtf8, utf8Bytes } from '../bytes/index.ts'
import { jobKey, queueOf } from './job-key.ts'

/** In bytes: a patch, and what stands around it. JSON may need two bytes for one of a patch. */
export const MAX_JOB_BYTES = 1_200_000

/** The bytes of a job: canonical JSON. */
export function encodeJob(job: Job): Uint8Array {
  return utf8Bytes(canonicalJson(job))
}

/**
 * What a message asks for; a text says why it asks for nothing. Its subject has to name the repository and the key that its content
 * has, so that nobody's result can be found under another job.
 */
export function readJob(bytes: Uint8Array, address: JobAddress): Job | string {
  if (bytes.length > MAX_JOB_BYTES) return `the job has ${bytes.length} bytes; at most ${MAX_JOB_BYTES} are read`
  const text = strictUtf8(bytes)
  const value = text === null ? null : parseJson(text)
  if (value === null) return 'the job is not JSON'
  const read = Job.safeParse(value)
  if (!read.success) return `the job cannot be read: ${z.prettifyError(read.error).replace(/\s+/g, ' ').slice(0, 300)}`
  if (queueOf(read.data) !== address.repository) return 'the job was sent to the queue of another repository'
  if (jobKey(read.data) !== address.key) return 'the job was sent under the key of another job'
  return read.data
}
