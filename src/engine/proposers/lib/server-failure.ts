import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai/core/error'
import type { ProposerAnswer } from '../../model/proposal.ts'

type FailureCause = Extract<ProposerAnswer, { how: 'failed' }>['why']

/** Why a call to a model server failed and whether to call again; `waitMs` is what the server asked for. */
export interface ServerFailure {
  readonly why: FailureCause
  readonly reason: string
  readonly again: boolean
  readonly waitMs: number | null
  /** Whether the server read the request and rejected its form, so that another form may work. */
  readonly form: boolean
}

const PASSING = ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET']
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO/

/** Decides by status and codes, never by the words of a message. `base` is the server's URL, for people. */
export function serverFailure(error: unknown, base: string): ServerFailure {
  const host = new URL(base).host
  if (error instanceof APIError && typeof error.status === 'number') return ofStatus(error, error.status, host)
  const code = codeOf(error)
  const again = error instanceof APIConnectionTimeoutError || isPassing(error, code)
  const words = { why: 'unreachable', again, waitMs: null, form: false } as const
  if (code !== null && CERTIFICATE.test(code)) {
    return {
      ...words,
      reason: `the certificate of ${host} is not trusted (${code}); name a file with its certificate authority in SSL_CERT_FILE`,
    }
  }
  if (again)
    return {
      ...words,
      reason: `${host} closed the connection or was silent for too long${code === null ? '' : ` (${code})`}`,
    }
  return { ...words, reason: `${host} cannot be reached${code === null ? `: ${textOf(error)}` : ` (${code})`}` }
}

function ofStatus(error: APIError, status: number, host: string): ServerFailure {
  const said = textOf(error)
  const once = { again: false, waitMs: null, form: false } as const
  if (status < 400) {
    return {
      ...once,
      why: 'unreachable',
      reason: `${host} redirects (HTTP ${status}), and git pp follows no redirect with a key`,
    }
  }
  if (status === 401 || status === 403)
    return { ...once, why: 'no-key', reason: `${host} does not accept the key: ${said}` }
  // The only 429 that does not go away by waiting.
  if (error.code === 'insufficient_quota') return { ...once, why: 'budget', reason: `${host}: ${said}` }
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) {
    return { why: 'unreachable', reason: `${host}: ${said}`, again: true, waitMs: waitOf(error.headers), form: false }
  }
  return {
    ...once,
    why: 'refused',
    reason: `${host} rejects the request: ${said}`,
    form: status === 400 || status === 422,
  }
}

/** `Retry-After` in ms: seconds, or a date counted from the server's own clock (RFC 9110, section 10.2.3). */
function waitOf(headers: Headers | undefined): number | null {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (ms >= 0) return ms
  const text = headers?.get('retry-after') ?? null
  if (text === null) return null
  const given = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.parse(headers?.get('date') ?? '')
  return Number.isFinite(given) ? Math.max(0, given) : null
}

function isPassing(error: unknown, code: string | null): boolean {
  if (code !== null) return PASSING.includes(code) || code.endsWith('_TIMEOUT')
  // An error without a code is the end of a stream that was cut off, or an error event in a stream.
  return error instanceof APIError && !(error instanceof APIConnectionError)
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
