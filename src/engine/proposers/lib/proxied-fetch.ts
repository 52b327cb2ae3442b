import { EnvHttpProxyAgent, request } from 'undici'
import { fetchResponse, type HttpFetch, plainRequest } from './fetch.ts'

/** A `fetch` through a proxy (`http://` is assumed if it names no scheme), except for the hosts in `noProxy`. */
export function proxiedFetch(proxy: string, noProxy: string, tlsOptions: { ca?: string[] }, idleMs: number): HttpFetch {
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
    const { url, method, headers, body, signal } = plainRequest(input, init)
    const sent = method === 'GET' ? { method } : { method: 'POST' as const, body }
    const got = await request(url, { ...sent, headers, dispatcher, signal: signal ?? null })
    return fetchResponse(got.statusCode, got.headers, got.body)
  }
}
