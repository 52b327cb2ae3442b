import { EnvHttpProxyAgent, request } from 'undici'
import { answer, type Fetch, plain } from './fetch.ts'

/** A `fetch` through a proxy (`http://` is assumed where it names no scheme), but for the hosts of `noProxy`. */
export function proxied(proxy: string, noProxy: string, tlsOptions: { ca?: string[] }, idleMs: number): Fetch {
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
