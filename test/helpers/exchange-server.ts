import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One answer of a server, byte by byte. */
export interface Exchange {
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** How long it takes until the first byte. */
  readonly afterMs?: number
  readonly body: string | Buffer | ((sent: SentBody) => Exchange)
}

export type SentBody = Readonly<Record<string, unknown>>

export interface ExchangeServer {
  /** The base URL, '/v1' included. */
  readonly url: string
  readonly bodies: readonly SentBody[]
  readonly paths: readonly string[]
  close(): Promise<void>
}

/** A server on loopback that gives recorded answers, one after the other; the last one is repeated for ever. */
export async function startExchangeServer(script: readonly Exchange[]): Promise<ExchangeServer> {
  const bodies: SentBody[] = []
  const paths: string[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const sent = JSON.parse(Buffer.concat(chunks).toString() || '{}') as SentBody
      let exchange = script[Math.min(bodies.length, script.length - 1)]
      bodies.push(sent)
      paths.push(request.url ?? '')
      while (typeof exchange?.body === 'function') exchange = exchange.body(sent)
      await sleep(exchange?.afterMs ?? 0)
      response.writeHead(exchange?.status ?? 200, {
        'content-type': exchange?.type ?? 'application/json',
        ...exchange?.headers,
      })
      response.end(exchange?.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    bodies,
    paths,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export const STREAM = 'text/event-stream'

export function json(value: unknown, over: Partial<Exchange> = {}): Exchange {
  return { body: JSON.stringify(value), ...over }
}

/** A stream of events; each value is one. */
export function stream(values: readonly unknown[], over: Partial<Exchange> = {}): Exchange {
  const body = values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('')
  return { type: STREAM, body, ...over }
}

/** One part of a streamed reply. */
export function part(delta: object, finish: string | null = null): object {
  return { model: 'm1', choices: [{ index: 0, delta, finish_reason: finish }] }
}

/** A reply that is not streamed. */
export function whole(message: object, finish = 'stop', over: object = {}): object {
  return { model: 'm1', choices: [{ index: 0, message, finish_reason: finish }], ...over }
}
