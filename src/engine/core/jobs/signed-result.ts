import * as z from 'zod'
import { JobResult } from '../../model/job.ts'
import { preAuthenticationEncoding } from '../attest/index.ts'
import { base64, canonicalJson, parseJson, strictBase64, strictUtf8, utf8Bytes } from '../bytes/index.ts'

const RESULT_TYPE = 'application/vnd.git-pp.job-result+json'

/** In characters: a line of a bundle has at most 1 MiB. Longer messages are not read. */
export const MAX_RESULT = 4 * 1024 * 1024

const ResultEnvelope = z.strictObject({
  payloadType: z.literal(RESULT_TYPE),
  payload: z.string(),
  signature: z.string().max(16_384),
})

/** The bytes that a worker signs. */
export function resultMessage(result: JobResult): Uint8Array {
  return preAuthenticationEncoding(RESULT_TYPE, utf8Bytes(canonicalJson(result)))
}

/** A result as it is sent: signed as a whole, in the manner of DSSE, so that a verdict without a proof has an author, too. */
export function encodeResult(result: JobResult, signature: Uint8Array): string {
  const payload = canonicalJson(result)
  return canonicalJson({ payloadType: RESULT_TYPE, payload, signature: base64(signature) })
}

/** A result whose signature is still to be checked: `message` is what it has to cover. */
export interface UncheckedResult {
  readonly result: JobResult
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** Reads a result without trusting anything in it; a text says why it is none. */
export function openResult(bytes: Uint8Array): UncheckedResult | string {
  if (bytes.length > MAX_RESULT) return `it has ${bytes.length} bytes; at most ${MAX_RESULT} are read`
  const text = strictUtf8(bytes)
  const envelope = ResultEnvelope.safeParse(text === null ? null : parseJson(text))
  if (!envelope.success) return 'it is not a signed result'
  const { payload, signature } = envelope.data
  const read = JobResult.safeParse(parseJson(payload))
  if (!read.success || canonicalJson(read.data) !== payload) return 'its payload is not a result in canonical JSON'
  const raw = strictBase64(signature)
  if (raw === null) return 'its signature is not base64'
  return { result: read.data, message: preAuthenticationEncoding(RESULT_TYPE, utf8Bytes(payload)), signature: raw }
}
