import { APIConnectionTimeoutError } from 'openai/core/error'
import type { ProposerAnswer } from '../../model/proposal.ts'
import { AnswerBrokeOff, AnswerTooLarge } from './answer-parts.ts'
import type { Rejection } from './request-form.ts'
import { type SaidError, ServerError } from './server-error.ts'

type FailureCause = Extract<ProposerAnswer, { how: 'failed' }>['why']

/** Why a call to a model server failed, and what may help; `waitMs` is what the server asked for. */
export interface ServerFailure {
  readonly why: FailureCause
  readonly reason: string
  /** A line to type. */
  readonly mend: string
  readonly again: boolean
  readonly waitMs: number | null
  /** Whether the request was sent, so that it may have been billed although no whole answer came. */
  readonly mayCost: boolean
  /** What the server said about a request that it read and rejected, so that another form may work. */
  readonly rejection: Rejection | null
}

/** The server that failed, for people: its kind names the variables. */
interface FailedServer {
  readonly kind: string
  readonly base: string
}

const PASSING = [
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'Z_BUF_ERROR',
]
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO/
const TOO_LONG =
  /context[ _-]?(?:length|window|size)|(?:prompt|input) (?:is )?too long|too many (?:input |prompt )?tokens/i
/** A rejection with such a code is not about the form of the request. */
const NO_FORM = /model|context|content|quota|key|length/i
const LATER = 'run it again later, or ask another provider: git pp run --provider search …'

/** Decides by status and codes. The words of a server only decide whether a smaller or another request is worth a try. */
export function serverFailure(error: unknown, server: FailedServer): ServerFailure {
  const { host } = new URL(server.base)
  const prefix = `PP_${server.kind.toUpperCase()}`
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if (at instanceof ServerError) return ofServer(at.said, server)
    if (at instanceof AnswerTooLarge)
      return {
        ...never('truncated'),
        reason: `${host} sent far more than a reply`,
        mend: `export ${prefix}_MODEL=NAME`,
        mayCost: true,
      }
    if (at instanceof AnswerBrokeOff)
      return {
        ...never('unreachable'),
        reason: `the answer of ${host} broke off`,
        mend: LATER,
        again: true,
        mayCost: true,
      }
  }
  const code = codeOf(error)
  const again = error instanceof APIConnectionTimeoutError || isPassing(code)
  const failure = { ...never('unreachable'), again, mayCost: again }
  if (code !== null && CERTIFICATE.test(code)) {
    const reason = `the certificate of ${host} is not trusted (${code}); name a file with its certificate authority in SSL_CERT_FILE`
    return { ...failure, reason, mend: 'export SSL_CERT_FILE=FILE' }
  }
  if (code === 'Z_DATA_ERROR')
    return { ...failure, reason: `the answer of ${host} cannot be decompressed (${code})`, mend: LATER }
  const named = code === null ? '' : ` (${code})`
  if (again)
    return { ...failure, reason: `${host} closed the connection or was silent for too long${named}`, mend: LATER }
  const reason = `${host} cannot be reached${code === null ? `: ${textOf(error)}` : named}`
  return { ...failure, reason, mend: `export ${prefix}_BASE_URL=https://HOST/v1` }
}

function never(why: FailureCause) {
  return { why, again: false, waitMs: null, mayCost: false, rejection: null }
}

function ofServer(said: SaidError, server: FailedServer): ServerFailure {
  const { status } = said
  const { host } = new URL(server.base)
  const prefix = `PP_${server.kind.toUpperCase()}`
  const url = `export ${prefix}_BASE_URL=https://HOST/v1`
  const quoted = said.words === '' ? '' : `: ${said.words}`
  const http = status === null ? '' : ` (HTTP ${status})`
  if (status !== null && status >= 300 && status < 400) {
    const reason = `${host} redirects${http}, and git pp follows no redirect with a key`
    return { ...never('unreachable'), reason, mend: url }
  }
  if (status === 401 || status === 403)
    return {
      ...never('no-key'),
      reason: `${host} does not accept the key${http}${quoted}`,
      mend: `export ${prefix}_API_KEY=KEY`,
    }
  // The only 429 that does not go away by waiting.
  if (/insufficient_quota/.test(said.codes))
    return { ...never('budget'), reason: `${host}${http}${quoted}`, mend: LATER }
  if (status !== null && ([408, 409, 425, 429].includes(status) || (status >= 500 && status !== 501))) {
    const waitMs = waitOf(said.headers)
    return { ...never('unreachable'), reason: `${host}${http}${quoted}`, mend: LATER, again: true, waitMs }
  }
  const asked = `${server.base}/chat/completions`
  if (said.isPage) {
    const reason = `${host} answered with a web page${http}${quoted}; is ${prefix}_BASE_URL right (…/v1)? Asked was ${asked}`
    return { ...never('unreachable'), reason, mend: url }
  }
  if (status === 404 || status === 405) {
    const reason = `${host} rejects the request${http}${quoted}; are ${prefix}_BASE_URL (…/v1) and the model right? Asked was ${asked}`
    return { ...never('refused'), reason, mend: `${url}, or ${prefix}_MODEL=NAME` }
  }
  const { words, codes, param } = said
  const isTooLong = status === 413 || TOO_LONG.test(`${codes} ${words}`)
  const isVague = param === null && !isTooLong && !NO_FORM.test(codes)
  return {
    ...never(isTooLong ? 'too-long' : 'refused'),
    reason: `${host} ${status === null ? 'answered with an error' : 'rejects the request'}${http}${quoted}`,
    mend: isTooLong ? 'take a model with a larger context: --model NAME' : `export ${prefix}_MODEL=NAME, or ${LATER}`,
    rejection:
      status === 400 || status === 422 || status === 501 ? { words: `${param ?? ''} ${words}`, isVague } : null,
  }
}

/** `Retry-After` in ms: seconds, or a date counted from the server's own clock (RFC 9110, section 10.2.3). */
function waitOf(headers: Headers): number | null {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (ms >= 0) return ms
  const text = headers.get('retry-after')
  if (text === null) return null
  const given = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.parse(headers.get('date') ?? '')
  return Number.isFinite(given) ? Math.max(0, given) : null
}

function isPassing(code: string | null): boolean {
  return code !== null && (PASSING.includes(code) || code.endsWith('_TIMEOUT'))
}

function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return null
}

function textOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}
