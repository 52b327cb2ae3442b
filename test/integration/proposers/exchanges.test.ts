import test from 'ava'
import openai from '../../../src/engine/proposers/openai.ts'
import { asked, chatWith, reasonOf } from '../../helpers/asked-server.ts'
import { startExchangeServer } from '../../helpers/exchange-server.ts'
import { READ, right, streamed, TOLD } from '../../helpers/exchanges.ts'
import { REPLY, requestFor } from '../../unit/proposers/request.ts'

for (const [title, exchange, text = REPLY] of READ) {
  test(`${title}: the reply is read with one request`, (t) =>
    asked([exchange], (answer, server) => {
      t.is(answer.how === 'reply' ? answer.text : reasonOf(answer), text)
      t.is(server.bodies.length, 1)
    }))
}

for (const [title, exchange, words, requests] of TOLD) {
  test(`${title}: told in the words of the server, with a line to type`, (t) =>
    asked([exchange], (answer, server) => {
      t.regex(reasonOf(answer), words)
      t.truthy(answer.how === 'failed' && answer.mend)
      t.is(server.bodies.length, requests)
    }))
}

test('the whole URL of a request may be given as the base', async (t) => {
  const server = await startExchangeServer([right])
  const env = { PP_OPENAI_API_KEY: 'k', PP_OPENAI_BASE_URL: `${server.url}/chat/completions/`, PP_OPENAI_MODEL: 'm1' }
  const answer = await (await openai.open({ env, named: false, settings: {} })).propose(requestFor({}))
  t.is(reasonOf(answer), 'reply')
  t.deepEqual(server.paths, ['/v1/chat/completions'])
  await server.close()
})

test('tokens that no server reports are a third of the bytes of both directions, and marked', (t) =>
  asked([streamed], (answer, { bodies }) => {
    const messages = bodies[0]?.['messages'] as { content: string }[]
    const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
    const usage = answer.how === 'reply' ? answer.usage : null
    t.is(usage?.outputTokens, Math.ceil(Buffer.byteLength(REPLY) / 3))
    t.true(Math.abs((usage?.inputTokens ?? 0) - bytes / 3) <= 2)
    t.like(usage, { estimated: true, requests: 1 })
  }))

test('a slow first byte shows progress', async (t) => {
  const server = await startExchangeServer([{ ...right, afterMs: 5500 }])
  const request = requestFor({})
  t.is(reasonOf(await (await chatWith(server)).propose(request)), 'reply')
  t.true(request.said.includes('openai: no answer yet for 5 s'), request.said.join('\n'))
  await server.close()
})
