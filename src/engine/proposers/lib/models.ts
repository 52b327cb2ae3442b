import { withoutQuotedKey } from '../../core/redact/index.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'
import { PpError } from '../../model/error.ts'
import type { ProposerHost, ProposerKind } from '../../ports/proposer.ts'
import type { Endpoint } from './endpoint.ts'
import { serverFailure } from './server-failure.ts'
import { openTransport } from './transport.ts'

/** In ms: how long a server may be silent, and how long the whole question may take. */
const PATIENCE = 15_000
/** In bytes; the rest of a longer answer is not read. */
const MOST = 1 << 20

/** Asks a chat server for the list of its models, which costs no tokens. Sends the key, and follows no redirects. */
export function askModels(endpointOf: (host: ProposerHost) => Endpoint): NonNullable<ProposerKind['reach']> {
  return async (host, contacts, signal) => {
    const end = endpointOf(host)
    const url = `${end.base}/models`
    contacts(`GET ${url}${end.key === null ? '' : ' with the key'}`)
    const fetch = await openTransport(end.base, host.env, PATIENCE)
    const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
    const headers = { accept: 'application/json', ...(end.key === null ? {} : { authorization: `Bearer ${end.key}` }) }
    const response = await fetch(url, { headers, signal: within }).catch((error: unknown) => {
      signal.throwIfAborted()
      throw failed(
        end,
        within.aborted
          ? `${new URL(end.base).host} was silent for ${PATIENCE / 1000} s`
          : serverFailure(error, end).reason,
      )
    })
    return judged(end, response.status, await names(response))
  }
}

function judged(end: Endpoint, status: number, models: readonly string[] | null): DoctorFinding {
  const { host } = new URL(end.base)
  const answered = `${host} answered GET /models with ${status}`
  if (status >= 300 && status < 400)
    throw failed(end, `${host} redirects (HTTP ${status}), and git pp follows no redirect with a key`)
  if (status === 401 || status === 403) throw failed(end, `${host} does not accept the key (HTTP ${status})`)
  if (status >= 500) throw failed(end, answered)
  if (status !== 200)
    return noteFinding(
      `${answered}: the server works, but it does not tell whether it accepts the key and knows ${end.model}`,
    )
  if (models === null)
    return noteFinding(`${answered}, but sent no list of models, so it does not tell whether it knows ${end.model}`)
  if (models.includes(end.model)) return okFinding(`${answered} and knows ${end.model}`)
  return noteFinding(
    `${answered}, but its list of models does not have ${end.model}`,
    `export PP_${end.kind.toUpperCase()}_MODEL=NAME`,
  )
}

/** The names in the list; null if the answer is not a list, or is too long. */
async function names(response: Response): Promise<readonly string[] | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MOST) return null
    chunks.push(chunk)
  }
  try {
    const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { data?: unknown }
    if (!Array.isArray(data)) return null
    return data.flatMap((one: unknown) =>
      typeof one === 'object' && one !== null && 'id' in one ? [String(one.id)] : [],
    )
  } catch {
    return null
  }
}

function failed(end: Endpoint, reason: string): PpError {
  const prefix = `PP_${end.kind.toUpperCase()}`
  const mend = /does not accept the key/.test(reason)
    ? `export ${prefix}_API_KEY=KEY`
    : `export ${prefix}_BASE_URL=https://HOST/v1`
  return new PpError('PROPOSER_FAILED', withoutQuotedKey(reason, end.key), { mend })
}
