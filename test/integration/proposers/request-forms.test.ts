import test from 'ava'
import { asked, chatWith, reasonOf } from '../../helpers/asked-server.ts'
import { type Exchange, json, startExchangeServer, whole } from '../../helpers/exchange-server.ts'
import { rejects, right, serverError, streamed } from '../../helpers/exchanges.ts'
import { BROKEN, REPLY, requestFor } from '../../unit/proposers/request.ts'

/** Servers that accept only some forms of a request: how the last one and the next request look. */
const answering = (rule: (sent: Readonly<Record<string, unknown>>) => Exchange | null): Exchange => ({
  body: (sent) => rule(sent) ?? (sent['stream'] === true ? streamed : right),
})
const FORMS: readonly (readonly [string, (sent: Readonly<Record<string, unknown>>) => Exchange | null, object])[] = [
  ['no streams', (sent) => (sent['stream'] ? rejects('streaming is not supported') : null), { max_tokens: 900 }],
  ['no streams, and no words for it', (sent) => (sent['stream'] ? rejects('bad request') : null), { max_tokens: 900 }],
  [
    'no stream_options',
    (sent) => (sent['stream_options'] ? rejects('unknown field stream_options') : null),
    { stream: true },
  ],
  [
    'neither streams nor max_completion_tokens',
    (sent) => (sent['stream'] || sent['max_completion_tokens'] ? rejects('bad request') : null),
    { max_tokens: 900 },
  ],
  [
    'no max_tokens',
    (sent) => (sent['max_tokens'] ? rejects('use max_completion_tokens', { param: 'max_tokens' }) : null),
    { stream: true, max_completion_tokens: 900 },
  ],
  [
    'no max_tokens, told by FastAPI',
    (sent) =>
      sent['max_tokens']
        ? json(
            {
              detail: [{ type: 'extra_forbidden', loc: ['body', 'max_tokens'], msg: 'Extra inputs are not permitted' }],
            },
            { status: 422 },
          )
        : null,
    { stream: true, max_completion_tokens: 900 },
  ],
  [
    'neither streams nor max_tokens',
    (sent) => (sent['stream'] || sent['max_tokens'] ? rejects('bad request') : null),
    { max_completion_tokens: 900 },
  ],
  [
    'no role system',
    (sent) =>
      String(JSON.stringify(sent['messages'])).includes('"system"') ? rejects('System role not supported') : null,
    { stream: true, max_tokens: 900 },
  ],
  [
    '501 for streams',
    (sent) => (sent['stream'] ? json({ message: 'not implemented' }, { status: 501 }) : null),
    { max_tokens: 900 },
  ],
  [
    'a rejection inside a 200',
    (sent) => (sent['stream'] ? json(serverError(400, 'cannot stream')) : null),
    { max_tokens: 900 },
  ],
]
for (const [title, rule, wanted] of FORMS) {
  test(`a server with ${title} is asked in another form, which the session keeps`, (t) =>
    asked(
      [answering(rule)],
      async (answer, server, proposer) => {
        t.is(reasonOf(answer), 'reply')
        const before = server.bodies.length
        t.like(server.bodies.at(-1), wanted)
        for (const [at, sent] of server.bodies.entries()) t.is(sent['model'], 'm1', String(at))
        t.is((await proposer.propose(requestFor({ 'calc.py': BROKEN }))).how, 'reply')
        t.is(server.bodies.length, before + 1)
        t.deepEqual(server.bodies.at(-1), server.bodies.at(-2))
      },
      { maxTokens: 900 },
    ))
}

test('each request changes one thing', (t) =>
  asked(
    [rejects('bad request')],
    (answer, { bodies }) => {
      t.regex(reasonOf(answer), /refused: .*bad request/)
      const changes = bodies.slice(1).map((sent, at) => {
        const names = (body: object) => new Set(Object.keys(body).filter((key) => key !== 'stream_options'))
        const [now, before] = [names(sent), names(bodies[at] ?? {})]
        const differing = [...new Set([...now, ...before])].filter((key) => now.has(key) !== before.has(key))
        const roles = (body: object) => ('messages' in body ? (body.messages as unknown[]).length : 0)
        return [...differing.sort(), ...(roles(sent) === roles(bodies[at] ?? {}) ? [] : ['roles'])].join(' ')
      })
      t.deepEqual(changes, ['stream', 'max_completion_tokens max_tokens', 'roles'])
    },
    { maxTokens: 900 },
  ))

function messagesOf(sent: Readonly<Record<string, unknown>>): { role: string; content: string }[] {
  return sent['messages'] as { role: string; content: string }[]
}

test('the rules stand before the question when there is no role system', (t) =>
  asked([rejects('System role not supported'), right], (_, { bodies }) => {
    const [only, ...others] = messagesOf(bodies[1] ?? {})
    t.is(others.length, 0)
    t.is(only?.role, 'user')
    t.regex(only?.content ?? '', /^You repair programs[\s\S]*This command fails:/)
  }))

for (const [title, exchange] of [
  ['a code', rejects('too big', { code: 'context_length_exceeded', param: 'messages' })],
  ['words', rejects("This model's maximum context length is 2048 tokens. However, you requested 5000 tokens.")],
  ['the status 413', json({ message: 'no' }, { status: 413 })],
  [
    'a type of its own',
    rejects('the request exceeds the available context size', { type: 'exceed_context_size_error' }),
  ],
] as const) {
  test(`a context that is too long, told by ${title}, is no reason for another form`, (t) =>
    asked([exchange], (answer, server) => {
      t.is(answer.how === 'failed' && answer.why, 'too-long')
      t.is(server.bodies.length, 1)
    }))
}

test('a limit of our own that is too large for the server is left out', (t) => {
  const rule = (sent: Readonly<Record<string, unknown>>) =>
    sent['max_tokens'] || sent['max_completion_tokens'] ? rejects('max_tokens is too large: at most 4096') : null
  return startExchangeServer([answering(rule)]).then(async (server) => {
    const budget = { ms: 5000, searchMs: 5000, tokens: 20_000, candidates: 0 }
    const answer = await (await chatWith(server)).propose(requestFor({}, { budget }))
    t.is(reasonOf(answer), 'reply')
    t.deepEqual(
      server.bodies.map((sent) => [typeof sent['max_tokens'], typeof sent['max_completion_tokens']]),
      [
        ['number', 'undefined'],
        ['undefined', 'number'],
        ['undefined', 'undefined'],
      ],
    )
    await server.close()
  })
})

for (const [title, over, budget, words] of [
  ['nobody', {}, null, /set PP_OPENAI_MAX_TOKENS$/],
  ['the user', { maxTokens: 900 }, null, /raise PP_OPENAI_MAX_TOKENS$/],
  ['the policy', {}, 5000, /raise limits\.max_model_tokens$/],
  ['the policy, below that of the user', { maxTokens: 9000 }, 5000, /raise limits\.max_model_tokens$/],
] as const) {
  test(`a reply that was cut off names the limit of ${title}`, (t) =>
    startExchangeServer([json(whole({ content: REPLY.slice(0, 50) }, 'length'))]).then(async (server) => {
      const request = requestFor({}, { budget: { ms: 5000, searchMs: 5000, tokens: budget, candidates: 0 } })
      t.regex(reasonOf(await (await chatWith(server, over)).propose(request)), words)
      await server.close()
    }))
}
