import { readFile } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import * as tls from 'node:tls'
import { PpError } from '../../model/error.ts'
import { isLoopback } from './endpoint.ts'
import { fetchResponse, type HttpFetch, plainRequest } from './fetch.ts'

type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * A `fetch` over node:http, which needs a third of the built-in fetch's CPU time, or through the proxy that the environment
 * names. Redirects are never followed, so a key only reaches the host it is for. `idleMs`: the longest time without data.
 */
export async function openTransport(base: string, env: ProxyEnvironment, idleMs: number): Promise<HttpFetch> {
  const url = new URL(base)
  if (url.protocol === 'http:') return direct(http, {}, idleMs)
  const ca = await authorities(env)
  const proxy = isLoopback(url) ? undefined : (env['HTTPS_PROXY'] ?? env['https_proxy'])
  if (!proxy) return direct(https, ca, idleMs)
  const { proxiedFetch: proxied } = await import('./proxied-fetch.ts')
  return proxied(proxy, env['NO_PROXY'] ?? env['no_proxy'] ?? '', ca, idleMs)
}

/**
 * Private certificate authorities together with the built-in ones. Node uses NODE_EXTRA_CA_CERTS only if no list is given, so
 * it is read here.
 */
async function authorities(env: ProxyEnvironment): Promise<{ ca?: string[] }> {
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

function direct(client: typeof http | typeof https, options: https.RequestOptions, idleMs: number): HttpFetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const { url, method, headers, body, signal } = plainRequest(input, init)
      const request = client.request(url, { ...options, method, headers, signal }, (incoming) =>
        resolve(fetchResponse(incoming.statusCode ?? 502, incoming.headers, incoming)),
      )
      request.setTimeout(idleMs, () => request.destroy(silence(idleMs)))
      request.on('error', reject)
      request.end(body)
    })
}

function silence(ms: number): Error {
  return Object.assign(new Error(`the server was silent for ${Math.round(ms / 1000)} s`), { code: 'ETIMEDOUT' })
}
