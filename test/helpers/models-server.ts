import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ExecutionContext } from 'ava'

/** What came: method, path, and the key. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly key: string | undefined
}

/** A server on loopback that answers every request alike; closed by `t.teardown`. `url` ends in '/v1'. */
export async function startModelsServer(
  t: ExecutionContext,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = []
  const server = http.createServer((request, response) => {
    asked.push({ method: request.method ?? '', url: request.url ?? '', key: request.headers.authorization })
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked }
}
