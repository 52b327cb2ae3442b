import test from 'ava'
import { PpError } from '../../../src/engine/model/error.ts'
import type { Proposer } from '../../../src/engine/ports/proposer.ts'
import { CHAT_TIMING, openChat } from '../../../src/engine/proposers/lib/chat.ts'
import local from '../../../src/engine/proposers/local.ts'
import openai from '../../../src/engine/proposers/openai.ts'
import { type ModelServer, type Step, startModelServer } from '../../helpers/model-server.ts'
import { BROKEN, REPLY, requestFor } from '../../unit/proposers/request.ts'

const KEY = 'sk-test-0123456789abcdef'
const right: Step = { does: 'reply', text: REPLY }
const request = (over = {}) => requestFor({ 'calc.py': BROKEN }, over)

async function withServer(script: readonly Step[], body: (server: ModelServer) => Promise<void>): Promise<void> {
  const server = await startModelServer(script)
  try {
    await body(server)
  } finally {
    await server.close()
  }
}

function open(server: ModelServer, env: Record<string, string> = {}): Promise<Proposer> {
  const own = { PP_OPENAI_API_KEY: KEY, PP_OPENAI_BASE_URL: server.url, PP_OPENAI_MODEL: 'm1' }
  return openai.open({ env: { ...own, ...env }, named: false, settings: {} })
}

/** The same with short pauses. */
function hurried(server: ModelServer, pace = {}): Promise<Proposer> {
  const end = { kind: 'openai', key: KEY, base: server.url, model: 'm1', maxTokens: null, remote: false, price: null }
  return openChat(end, {}, { ...CHAT_TIMING, pauseMs: 5, ...pace })
}

test('a streamed reply comes back whole, with model and usage', (t) =>
  withServer([right], async (server) => {
    const answer = await (await open(server)).propose(request())
    t.like(answer, { how: 'reply', text: REPLY, model: 'm1' })
    t.like(answer.how === 'reply' && answer.usage, { inputTokens: 120, outputTokens: 40, requests: 1 })
    t.is(server.requests[0]?.body['stream'], true)
  }))

test('a server that does not stream is understood too', (t) =>
  withServer([{ does: 'reply', text: REPLY, plain: true }], async (server) => {
    const answer = await (await open(server)).propose(request())
    t.is(answer.how === 'reply' && answer.text, REPLY)
  }))

test('only the headers that a chat needs are sent', (t) =>
  withServer([right], async (server) => {
    await (await open(server)).propose(request())
    const headers = server.requests[0]?.headers ?? {}
    t.is(headers.authorization, `Bearer ${KEY}`)
    t.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('x-') || name.startsWith('openai-')),
      [],
    )
  }))

for (const [title, step, why] of [
  ['a refusal', { does: 'refuse', text: 'I will not do that.' }, 'refused'],
  ['an empty reply', { does: 'empty' }, 'empty'],
  ['a reply of thoughts only', { does: 'reply', text: '<think>hm, `a - b`' }, 'empty'],
  ['a reply that was cut off', { does: 'truncate', text: REPLY.slice(0, 60) }, 'truncated'],
] as const) {
  test(`${title} is a failure that says so and what it cost`, (t) =>
    withServer([step], async (server) => {
      const answer = await (await open(server)).propose(request())
      t.is(answer.how === 'failed' && answer.why, why)
      t.like(answer.how === 'failed' && answer.usage, { inputTokens: 120, outputTokens: 40 })
    }))
}

test('a text without a patch is an answer like any other', (t) =>
  withServer([{ does: 'reply', text: 'I cannot see calc.py.' }], async (server) => {
    const answer = await (await open(server)).propose(request())
    t.like(answer, { how: 'reply', text: 'I cannot see calc.py.' })
  }))

for (const [title, step] of [
  ['429 with Retry-After', { does: 'status', code: 429, message: 'slow down', headers: { 'retry-after': '0' } }],
  ['500', { does: 'status', code: 500, message: 'oops' }],
  ['a broken stream', { does: 'drop' }],
] as const) {
  test(`after ${title} the server is asked again`, (t) =>
    withServer([step, right], async (server) => {
      const answer = await (await hurried(server)).propose(request())
      t.is(answer.how, 'reply')
      t.is(server.requests.length, 2)
    }))
}

test('a silent server is asked again', (t) =>
  withServer([{ does: 'hang' }, right], async (server) => {
    const answer = await (await hurried(server, { idleMs: 1000 })).propose(request())
    t.is(answer.how, 'reply')
  }))

test('a server that stays broken is given up and named', (t) =>
  withServer([{ does: 'status', code: 503, message: 'down' }], async (server) => {
    const answer = await (await hurried(server, { calls: 3 })).propose(request())
    t.is(server.requests.length, 3)
    t.is(answer.how === 'failed' && answer.why, 'unreachable')
    t.regex(answer.how === 'failed' ? answer.reason : '', /127\.0\.0\.1:\d+ \(HTTP 503\): down \(3 calls\)/)
  }))

test('a pause that is too long to wait for ends the conversation at once', (t) =>
  withServer([{ does: 'status', code: 429, message: 'x', headers: { 'retry-after': '3600' } }], async (server) => {
    const answer = await (await hurried(server)).propose(request())
    t.is(answer.how === 'failed' && answer.why, 'unreachable')
    t.is(server.requests.length, 1)
  }))

test('a Retry-After date is read by the clock of the server', (t) => {
  const headers = { date: 'Mon, 01 Jan 2024 00:00:00 GMT', 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }
  return withServer([{ does: 'status', code: 429, message: 'x', headers }, right], async (server) => {
    const answer = await (await hurried(server, { pauseMs: 60_000 })).propose(request())
    t.is(answer.how, 'reply')
  })
})

for (const [title, step] of [
  ['before', { does: 'hang' }],
  ['in the middle of', { does: 'hang', text: 'The sign' }],
] as const) {
  test(`time that runs out ${title} an answer ends the call`, (t) =>
    withServer([step], async (server) => {
      const budget = { ms: 100, searchMs: 100, tokens: null, candidates: 0 }
      const answer = await (await open(server)).propose(request({ budget }))
      t.is(answer.how === 'failed' && answer.why, 'budget')
    }))
}

test('an interruption is thrown on, also out of a pause', (t) =>
  withServer([{ does: 'status', code: 500, message: 'x' }], async (server) => {
    const stop = new AbortController()
    const proposer = await hurried(server, { pauseMs: 30_000 })
    setTimeout(() => stop.abort(new PpError('INTERRUPTED', 'stopped')), 60)
    await t.throwsAsync(proposer.propose(request({ signal: stop.signal })), { message: 'stopped' })
  }))

test('a prompt that is larger than the tokens left is never sent', (t) =>
  withServer([right], async (server) => {
    const budget = { ms: 5000, searchMs: 5000, tokens: 100, candidates: 0 }
    const answer = await (await open(server)).propose(request({ budget }))
    t.is(answer.how === 'failed' && answer.why, 'budget')
    t.is(server.requests.length, 0)
  }))

test('the reply may not cost more than the tokens left', (t) =>
  withServer([right], async (server) => {
    const budget = { ms: 5000, searchMs: 5000, tokens: 2000, candidates: 0 }
    await (await open(server)).propose(request({ budget }))
    const sent = Number(server.requests[0]?.body['max_tokens'])
    t.true(sent > 0 && sent < 2000, String(sent))
  }))

test('the key is in no answer, whatever the server quotes', (t) =>
  withServer([{ does: 'status', code: 401, message: `Incorrect API key provided: ${KEY}` }], async (server) => {
    const answer = await (await open(server)).propose(request())
    t.is(answer.how === 'failed' && answer.why, 'no-key')
    t.false(JSON.stringify(answer).includes(KEY))
  }))

test('the key does not follow a redirect', (t) =>
  withServer([right], async (other) => {
    const step: Step = { does: 'status', code: 307, message: 'moved', headers: { location: other.url } }
    await withServer([step], async (server) => {
      const answer = await (await open(server)).propose(request())
      t.is(answer.how === 'failed' && answer.why, 'unreachable')
      t.is(other.requests.length, 0)
    })
  }))

test('a closed port is named at once', async (t) => {
  const server = await startModelServer([right])
  await server.close()
  const answer = await (await open(server)).propose(request())
  t.regex(answer.how === 'failed' ? answer.reason : '', /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/)
})

test('progress names the model and the size of the prompt', (t) =>
  withServer([right], async (server) => {
    const asked = request()
    await (await open(server)).propose(asked)
    t.regex(asked.said[0] ?? '', /^openai: asking m1 \(about \d+ tokens\)$/)
  }))

test('without a key, or a model, opening says what to set', async (t) => {
  const none = await t.throwsAsync(openai.open({ env: { OPENAI_API_KEY: KEY }, named: false, settings: {} }))
  t.like(none, { code: 'PROPOSER_FAILED', message: 'the openai provider needs a key' })
  const model = await t.throwsAsync(openai.open({ env: { OPENAI_API_KEY: KEY }, named: true, settings: {} }))
  t.like(model, { code: 'PROPOSER_FAILED', mend: 'set PP_OPENAI_MODEL, or add --model NAME' })
})

test('prices make a cost of the tokens, and a price that makes no sense is named', (t) =>
  withServer([right], async (server) => {
    const env = { PP_OPENAI_API_KEY: KEY, PP_OPENAI_BASE_URL: server.url, PP_OPENAI_MODEL: 'm1' }
    const opened = (settings: Record<string, string>) => openai.open({ env, named: false, settings })
    const priced = await opened({ 'price-input': '2.5', 'price-output': '10' })
    const answer = await priced.propose(request())
    t.is(answer.how === 'reply' && answer.usage.cost, (120 * 2.5 + 40 * 10) / 1_000_000)
    for (const [settings, words] of [
      [{ 'price-input': '2.5' }, /^pp\.price-output is missing/],
      [{ 'price-input': '2,5', 'price-output': '10' }, /^pp\.price-input must be a number like 1\.25, but is: 2,5$/],
      [{ 'price-input': '1', 'price-output': '-1' }, /^pp\.price-output must be/],
    ] as const) {
      const error = await t.throwsAsync(opened(settings))
      t.like(error, { code: 'USAGE' })
      t.regex(error?.message ?? '', words)
    }
  }))

test('a base URL must be https or on this machine', async (t) => {
  for (const url of ['http://models.example/v1', 'http://localhost.example/v1', 'ftp://x', 'https://u:p@h/v1']) {
    const env = { PP_OPENAI_API_KEY: KEY, PP_OPENAI_MODEL: 'm', PP_OPENAI_BASE_URL: url }
    const error = await t.throwsAsync(openai.open({ env, named: false, settings: {} }), undefined, url)
    t.like(error, { code: 'USAGE' })
  }
})

test('remote is said of a server elsewhere and not of one on this machine', async (t) => {
  const env = { PP_OPENAI_API_KEY: KEY, PP_OPENAI_BASE_URL: 'https://models.example/v1' }
  const there = await openai.open({ env, named: false, settings: { model: 'm' } })
  t.true(there.remote)
  const here = await local.open({ env: {}, named: false, settings: { model: 'm' } })
  t.false(here.remote)
})

test('a local server without a key gets no Authorization header', (t) =>
  withServer([right], async (server) => {
    const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'm', PP_OPENAI_API_KEY: KEY }
    const proposer = await local.open({ env, named: false, settings: {} })
    t.is((await proposer.propose(request())).how, 'reply')
    t.is(server.requests[0]?.headers.authorization, undefined)
  }))
