import type { IncomingHttpHeaders } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** The part of `fetch` that a client of a chat server needs. */
export type HttpFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

// Other headers that a client library adds (machine, versions, headers from its own variables) are not sent.
const SENT = ['accept', 'authorization', 'content-type', 'user-agent']

/** The parts of a request that are sent. */
export function plainRequest(input: string | URL | Request, init: RequestInit = {}) {
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

/** Some servers compress their answers although nothing asked for it. */
const DECOMPRESS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** A response in the form of `fetch`. */
export function fetchResponse(status: number, headers: IncomingHttpHeaders, body: Readable): Response {
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') kept.set(name, value)
  if (status === 204 || status === 205 || status === 304) {
    body.resume()
    return new Response(null, { status, headers: kept })
  }
  const decompress = DECOMPRESS[kept.get('content-encoding')?.trim().toLowerCase() ?? '']
  const plain = decompress ? pipeline(body, decompress(), () => undefined) : body
  return new Response(Readable.toWeb(plain as Readable) as ReadableStream<Uint8Array>, { status, headers: kept })
}
