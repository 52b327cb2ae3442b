import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request. The last step of a script is repeated for ever. */
export type Step =
  | { readonly does: 'reply'; readonly text: string; readonly plain?: boolean; readonly usage?: Tokens | null }
  | { readonly does: 'refuse'; readonly text: string }
  | { readonly does: 'empty' }
  | { readonly does: 'truncate'; readonly text: string }
  | { readonly does: 'status'; readonly code: number; readonly message: string; readonly headers?: Headers }
  /** Never ends: without a byte, or after the first part of `text`. */
  | { readonly does: 'hang'; readonly text?: string }
  /** Closes the connection in the middle of an answer. */
  | { readonly does: 'drop' }

type Headers = Readonly<Record<string, string>>
interface Tokens {
  readonly prompt_tokens: number
  readonly completion_tokens: number
}

export interface Received {
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

export interface ModelServer {
  /** The base URL, '/v1' included. */
  readonly url: string
  readonly requests: readonly Received[]
  close(): Promise<void>
}

const USAGE: Tokens = { prompt_tokens: 120, completion_tokens: 40 }

/** A chat-completions server on loopback that follows a script; it streams when asked to, unless a step is `plain`. */
export async function startModelServer(script: readonly Step[]): Promise<ModelServer> {
  const requests: Received[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const step = script[Math.min(requests.length, script.length - 1)]
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>
      requests.push({ url: request.url ?? '', headers: request.headers, body })
      if (step) perform(step, body, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function perform(step: Step, body: Record<string, unknown>, response: http.ServerResponse): void {
  const model = typeof body['model'] === 'string' ? body['model'] : 'scripted'
  const answer = (said: Said, finish: string, usage: Tokens | null = USAGE, plain = false): void =>
    send(response, body['stream'] === true && !plain, model, said, finish, usage)
  switch (step.does) {
    case 'reply':
      answer({ content: step.text }, 'stop', step.usage, step.plain)
      break
    case 'refuse':
      answer({ refusal: step.text }, 'stop')
      break
    case 'empty':
      answer({ content: '' }, 'stop')
      break
    case 'truncate':
      answer({ content: step.text }, 'length')
      break
    case 'status':
      response.writeHead(step.code, { 'content-type': 'application/json', ...step.headers })
      response.end(JSON.stringify({ error: { message: step.message, type: 'scripted' } }))
      break
    case 'hang':
      if (step.text === undefined) break
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event({ model, choices: [{ delta: { content: step.text } }] }))
      break
    case 'drop':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choi', () => response.destroy())
      break
  }
}

type Said = { readonly content: string } | { readonly refusal: string }

function send(
  response: http.ServerResponse,
  stream: boolean,
  model: string,
  said: Said,
  finish: string,
  usage: Tokens | null,
): void {
  if (!stream) {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ model, choices: [{ message: said, finish_reason: finish }], usage }))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const delta of pieces(said)) response.write(event({ model, choices: [{ delta, finish_reason: null }] }))
  response.write(event({ model, choices: [{ delta: {}, finish_reason: finish }] }))
  if (usage) response.write(event({ model, choices: [], usage }))
  response.end('data: [DONE]\n\n')
}

/** In pieces of seven characters, so that markers and words are cut in the middle. */
function* pieces(said: Said): Generator<Said> {
  const text = 'content' in said ? said.content : said.refusal
  for (let at = 0; at < text.length; at += 7) {
    const part = text.slice(at, at + 7)
    yield 'content' in said ? { content: part } : { refusal: part }
  }
}

function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}
