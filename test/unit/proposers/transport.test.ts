import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import openai from '../../../src/engine/proposers/openai.ts'
import { REPLY, requestFor } from './request.ts'

interface Company {
  /** A proxy that knows models.example and nothing else, and the authority that signed for it. */
  readonly proxy: string
  readonly authority: string
  readonly tunnels: readonly string[]
  readonly methods: readonly string[]
  close(): Promise<void>
}

/** A network as companies have it: models.example behind a proxy, with a certificate that only the company knows. */
async function company(): Promise<Company> {
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
      response.end(JSON.stringify({ choices: [{ message: { content: REPLY }, finish_reason: 'stop' }] }))
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

const OWN = { PP_OPENAI_API_KEY: 'k', PP_OPENAI_MODEL: 'm', PP_OPENAI_BASE_URL: 'https://models.example/v1' }

test('a proxy and a private authority of the environment are used', async (t) => {
  const { proxy, authority, tunnels, close } = await company()
  try {
    const env = { ...OWN, HTTPS_PROXY: proxy, SSL_CERT_FILE: authority }
    const proposer = await openai.open({ env, named: false, settings: {} })
    const answer = await proposer.propose(requestFor({}))
    t.is(answer.how, 'reply', JSON.stringify(answer))
    t.deepEqual(tunnels, ['models.example:443'])
  } finally {
    await close()
  }
})

test('the question for models goes through the proxy, too, and as a question', async (t) => {
  const { proxy, authority, tunnels, methods, close } = await company()
  try {
    const env = { ...OWN, HTTPS_PROXY: proxy, SSL_CERT_FILE: authority }
    const signal = new AbortController().signal
    const told: string[] = []
    await openai.reach?.({ env, named: false, settings: {} }, (what) => told.push(what), signal)
    t.deepEqual(tunnels, ['models.example:443'])
    t.deepEqual(methods, ['GET'])
    t.deepEqual(told, ['GET https://models.example/v1/models with the key'])
  } finally {
    await close()
  }
})

test('a certificate of an unknown authority is refused with the way out', async (t) => {
  const { proxy, close } = await company()
  try {
    const proposer = await openai.open({ env: { ...OWN, HTTPS_PROXY: proxy }, named: false, settings: {} })
    const answer = await proposer.propose(requestFor({}))
    t.regex(answer.how === 'failed' ? answer.reason : '', /not trusted \(\w+\); name its authority in SSL_CERT_FILE/)
  } finally {
    await close()
  }
})

test('a host of NO_PROXY is not asked for through the proxy', async (t) => {
  const { proxy, authority, tunnels, close } = await company()
  try {
    const env = { ...OWN, HTTPS_PROXY: proxy, SSL_CERT_FILE: authority, NO_PROXY: 'models.invalid' }
    env.PP_OPENAI_BASE_URL = 'https://models.invalid/v1'
    const proposer = await openai.open({ env, named: false, settings: {} })
    const answer = await proposer.propose(
      requestFor({}, { budget: { ms: 300, searchMs: 300, tokens: null, candidates: 0 } }),
    )
    t.is(answer.how, 'failed')
    t.deepEqual(tunnels, [])
  } finally {
    await close()
  }
})

test('certificates that cannot be read are named before anything is sent', async (t) => {
  const env = { ...OWN, SSL_CERT_FILE: '/nowhere/ca.pem' }
  const error = await t.throwsAsync(openai.open({ env, named: false, settings: {} }))
  t.like(error, { code: 'USAGE', message: 'the certificates cannot be read: /nowhere/ca.pem' })
})
