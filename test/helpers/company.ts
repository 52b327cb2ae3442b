import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Company {
  /** A proxy that knows models.example and nothing else, and the authority that signed for it. */
  readonly proxy: string
  readonly authority: string
  readonly tunnels: readonly string[]
  readonly methods: readonly string[]
  close(): Promise<void>
}

/** A network as companies have it: models.example behind a proxy, with a certificate that only the company knows. Its one model is `m`. */
export async function company(reply: string): Promise<Company> {
  const dir = await mkdtemp(join(tmpdir(), 'pp-transport-'))
  const [key, authority] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  const names = ['-subj', '/CN=models.example', '-addext', 'subjectAltName=DNS:models.example,DNS:localhost']
  const form = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  await promisify(execFile)('openssl', [...form, '-keyout', key, '-out', authority, ...names])
  const methods: string[] = []
  const model = https.createServer(
    { key: await readFile(key), cert: await readFile(authority) },
    (request, response) => {
      methods.push(String(request.method))
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' })
      const answer = { choices: [{ message: { content: reply }, finish_reason: 'stop' }] }
      response.end(JSON.stringify(request.method === 'GET' ? { data: [{ id: 'm' }] } : answer))
    },
  )
  const tunnels: string[] = []
  const proxy = http.createServer()
  proxy.on('connect', (request, socket) => {
    tunnels.push(String(request.url))
    const through = connect((model.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      through.pipe(socket).pipe(through)
    })
    for (const end of [socket, through]) end.on('error', () => end.destroy())
  })
  for (const server of [model, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    authority,
    tunnels,
    methods,
    async close() {
      for (const server of [model, proxy]) server.closeAllConnections()
      for (const server of [model, proxy]) server.close()
      await rm(dir, { recursive: true })
    },
  }
}
