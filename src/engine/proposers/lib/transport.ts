import { readFile } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { Readable } from 'node:stream'
import * as tls from 'node:tls'
import { PpError } from '../../model/error.ts'
import { isLoopback } from './endpoint.ts'

type Env = Readonly<Record<string, string | undefined>>
/** The part of `fetch` that a client of a chat server needs. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

// Whatever else a client library adds (machine, versions, headers from its own variables) stays here.
const SENT = ['accept', 'authorization', 'content-type', 'user-agent']

/**
 * A `fetch` over node:http, which costs a third of the built-in one's CPU, or through the proxy that the environment names.
 * Redirects are never followed, so a key reaches only the host it was meant for. `idleMs`: the longest silence of a server.
 */
export async function openTransport(base: string, env: Env, idleMs: number): Promise<Fetch> {
  const url = new URL(base)
  if (url.protocol === 'http:') return direct(http, {}, idleMs)
  const ca = await authorities(env)
  const proxy = isLoopback(url) ? undefined : (env['HTTPS_PROXY'] ?? env['https_proxy'])
  return proxy ? proxied(proxy, env['NO_PROXY'] ?? env['no_proxy'] ?? '', ca, idleMs) : direct(https, ca, idleMs)
}

/** Private certificate authorities beside the built-in ones; Node adds NODE_EXTRA_CA_CERTS only where no list is given. */
async function authorities(env: Env): Promise<{ ca?: string[] }> {
  const file = env['SSL_CERT_FILE']
  if (!file) return {}
  const files = [file, env['NODE_EXTRA_CA_CERTS']].filter((name) => name !== undefined && name !== '')
  try {
    return {
      ca: [...tls.rootCertificates, ...(await Promise.all(files.map((name) => readFile(String(name), 'utf8'))))],
    }
  } catch (cause) {
    throw new PpError('USAGE', `the certificates cannot be read: ${files.join(', ')}`, {
      cause,
      mend: 'set SSL_CERT_FILE and NODE_EXTRA_CA_CERTS to readable PEM files',
    })
  }
}

function direct(client: typeof http | typeof https, options: https.RequestOptions, idleMs: number): Fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const { url, method, headers, body, signal } = plain(input, init)
      const request = client.request(url, { ...options, method, headers, signal }, (incoming) =>
        resolve(answer(incoming.statusCode ?? 502, incoming.headers, incoming)),
      )
      request.setTimeout(idleMs, () => request.destroy(silence(idleMs)))
      request.on('error', reject)
      request.end(body)
    })
}

async function proxied(proxy: string, noProxy: string, tlsOptions: { ca?: string[] }, idleMs: number): Promise<Fetch> {
  const { EnvHttpProxyAgent, request } = await import('undici')
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: '',
    httpsProxy: proxy.includes('://') ? proxy : `http://${proxy}`,
    noProxy,
    connect: tlsOptions,
    requestTls: tlsOptions,
    proxyTls: tlsOptions,
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
  })
  return async (input, init) => {
    const { url, method, headers, body, signal } = plain(input, init)
    const sent = method === 'GET' ? { method } : { method: 'POST' as const, body }
    const got = await request(url, { ...sent, headers, dispatcher, signal: signal ?? null })
    return answer(got.statusCode, got.headers, got.body)
  }
}

function plain(input: string | URL | Request, init: RequestInit = {}) {
  const all = new Headers(init.headers)
  const headers: Record<string, string> = {}
  for (const name of SENT) {
    const value = all.get(name)
    if (value !== null) headers[name] = value
  }
  return {
    url: new URL(typeof input === 'string' || input instanceof URL ? input : input.url),
    method: init.method ?? 'GET',
    headers,
    body: typeof init.body === 'string' ? init.body : '',
    signal: init.signal ?? undefined,
  }
}

function answer(status: number, headers: http.IncomingHttpHeaders, body: Readable): Response {
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') kept.set(name, value)
  if (status === 204 || status === 205 || status === 304) {
    body.resume()
    return new Response(null, { status, headers: kept })
  }
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, { status, headers: kept })
}

function silence(ms: number): Error {
  return Object.assign(new Error(`the server was silent for ${Math.round(ms / 1000)} s`), { code: 'ETIMEDOUT' })
}
