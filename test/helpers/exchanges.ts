import { deflateSync, gzipSync } from 'node:zlib'
import { REPLY } from '../unit/proposers/request.ts'
import { type Exchange, json, part, STREAM, stream, whole } from './exchange-server.ts'

const DIFF = REPLY.slice(REPLY.indexOf('```'))
export const right = json(whole({ content: REPLY }))
export const streamed = stream([
  part({ content: REPLY.slice(0, 30) }),
  part({ content: REPLY.slice(30) }, 'stop'),
  '[DONE]',
])
export const serverError = (code: unknown, message: string, over = {}) => ({ error: { code, message, ...over } })
export const rejects = (words: string, over = {}): Exchange =>
  json({ error: { message: words, type: 'invalid_request_error', ...over } }, { status: 400 })

/** Answers that hold the whole reply, in forms that differ from the documented one. */
export const READ: readonly (readonly [string, Exchange, string?])[] = [
  ['content that is a list of parts', json(whole({ content: [{ type: 'text', text: REPLY }] }))],
  ['content that is a list of texts', json(whole({ content: [REPLY.slice(0, 9), REPLY.slice(9)] }))],
  [
    'parts that are no text beside those that are',
    json(
      whole({
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: REPLY },
        ],
      }),
    ),
  ],
  ['a stream whose pieces are lists of parts', stream([part({ content: [{ type: 'text', text: REPLY }] }, 'stop')])],
  ['a stream that says that it is JSON', { ...streamed, type: 'application/json' }],
  ['a document that says that it is a stream', { ...right, type: STREAM }],
  ['a stream without a type', { ...streamed, type: '' }],
  [
    'a stream with comments, ids and names of events',
    { ...streamed, body: `: hello\n\nid: 1\nevent: message\n${streamed.body}` },
  ],
  ['a stream with CRLF', { ...streamed, body: String(streamed.body).replaceAll('\n', '\r\n') }],
  ['a stream with CR', { ...streamed, body: String(streamed.body).replaceAll('\n', '\r') }],
  [
    'a stream without blank lines between events',
    { ...streamed, body: String(streamed.body).replaceAll('\n\n', '\n') },
  ],
  [
    'a stream without a blank after the colon',
    { ...streamed, body: String(streamed.body).replaceAll('data: ', 'data:') },
  ],
  [
    'one event on several lines',
    {
      type: STREAM,
      body: `data: ${JSON.stringify(whole({ content: REPLY }), null, 1).replaceAll('\n', '\ndata: ')}\n\n`,
    },
  ],
  ['a stream with a finish and no end mark', stream([part({ content: REPLY }, 'stop')])],
  ['a stream with an end mark and no finish', stream([part({ content: REPLY }), '[DONE]'])],
  [
    'one JSON document on each line',
    {
      type: 'application/x-ndjson',
      body: `${JSON.stringify(part({ content: REPLY }))}\n${JSON.stringify(part({}, 'stop'))}\n`,
    },
  ],
  ['a document in pretty print', { body: JSON.stringify(whole({ content: REPLY }), null, 2) }],
  ['a document after a byte order mark', { body: `\uFEFF${JSON.stringify(whole({ content: REPLY }))}` }],
  ['an answer in gzip', { body: gzipSync(String(right.body)), headers: { 'content-encoding': 'gzip' } }],
  [
    'a stream in gzip',
    { type: STREAM, body: gzipSync(String(streamed.body)), headers: { 'content-encoding': 'GZIP' } },
  ],
  ['an answer in deflate', { body: deflateSync(String(right.body)), headers: { 'content-encoding': 'deflate' } }],
  ['the text of the older interface', json({ choices: [{ text: REPLY, finish_reason: 'stop' }] })],
  ['an error that is null', json(whole({ content: REPLY }, 'stop', { error: null }))],
  [
    'a first event without choices',
    stream([{ choices: [], prompt_filter_results: [] }, part({ content: REPLY }, 'stop')]),
  ],
  ['reasoning beside the answer', json(whole({ content: REPLY, reasoning_content: 'hm' }))],
  ['a diff in the reasoning alone', json(whole({ content: null, reasoning_content: `So:\n${DIFF}` })), DIFF.trimEnd()],
  [
    'a diff in the thoughts of the text alone',
    json(whole({ content: `<think>So:\n${DIFF}</think>\n` })),
    DIFF.trimEnd(),
  ],
  [
    'the reasoning of a stream',
    stream([part({ reasoning: `So:\n${DIFF.slice(0, 20)}` }), part({ reasoning: DIFF.slice(20) }, 'stop')]),
    DIFF.trimEnd(),
  ],
  [
    'a call of a tool',
    json(
      whole(
        {
          content: null,
          tool_calls: [
            { id: 'c', type: 'function', function: { name: 'patch', arguments: JSON.stringify({ patch: DIFF }) } },
          ],
        },
        'tool_calls',
      ),
    ),
    JSON.stringify({ name: 'patch', arguments: { patch: DIFF } }),
  ],
  [
    'a call of a tool in pieces',
    stream([
      part({ tool_calls: [{ index: 0, id: 'c', function: { name: 'patch', arguments: '{"pat' } }] }),
      part({ tool_calls: [{ index: 0, function: { arguments: 'ch":"--- a"}' } }] }, 'tool_calls'),
    ]),
    '{"name":"patch","arguments":{"patch":"--- a"}}',
  ],
]

/** Answers in the place of a reply: what is told, and after how many requests of three. */
export const TOLD: readonly (readonly [string, Exchange, RegExp, number])[] = [
  [
    'an error with the code 502 in a 200',
    json(serverError(502, 'upstream fell over')),
    /unreachable: .*HTTP 502.*upstream fell over.*3 calls/,
    3,
  ],
  [
    'an error with a code in words',
    json(serverError(null, 'busy', { type: 'overloaded_error' })),
    /unreachable: .*busy/,
    3,
  ],
  [
    'an error of gRPC in a list',
    json([serverError(429, 'slow down', { status: 'RESOURCE_EXHAUSTED' })]),
    /unreachable: .*slow down/,
    3,
  ],
  ['an error with the code 401 in a 200', json(serverError('401', 'who are you')), /no-key: .*who are you/, 1],
  ['an error without a code', json({ error: 'it is broken' }), /refused: .* answered with an error: it is broken$/, 1],
  [
    'an error object of vLLM',
    json({ object: 'error', message: 'no such model', code: 404 }),
    /refused: .*no such model/,
    1,
  ],
  [
    'an error in a stream',
    stream([part({ content: 'So' }), serverError(null, 'the model died')]),
    /refused: .*the model died/,
    1,
  ],
  [
    'an error in a stream with a code',
    stream([part({ content: 'So' }), serverError(503, 'no capacity')]),
    /unreachable: .*no capacity/,
    3,
  ],
  [
    'an event named error',
    { type: STREAM, body: 'event: error\ndata: {"message": "out of luck"}\n\n' },
    /refused: .*out of luck/,
    1,
  ],
  [
    'an event named error with plain text',
    { type: STREAM, body: 'event: error\ndata: out of luck\n\n' },
    /refused: .*out of luck/,
    1,
  ],
  [
    'an error in a choice',
    json({ choices: [{ message: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'lost it' } }] }),
    /unreachable: .*lost it/,
    3,
  ],
  [
    'the end of an account',
    json(serverError('insufficient_quota', 'pay first'), { status: 429 }),
    /budget: .*pay first/,
    1,
  ],
  [
    'a stream that ends early',
    stream([part({ content: REPLY })]),
    /unreachable: the answer of .* broke off \(3 calls\)/,
    3,
  ],
  ['a document that ends early', { body: String(right.body).slice(0, 40) }, /broke off/, 3],
  ['an event that ends early', { type: STREAM, body: 'data: {"choi' }, /broke off/, 3],
  ['an empty body', { body: '' }, /broke off/, 3],
  [
    'gzip that ends early',
    { body: gzipSync(String(right.body)).subarray(0, 40), headers: { 'content-encoding': 'gzip' } },
    /unreachable: .*Z_BUF_ERROR/,
    3,
  ],
  ['gzip that is none', { body: 'hello', headers: { 'content-encoding': 'gzip' } }, /cannot be decompressed/, 1],
  [
    'a web page',
    { type: 'text/html', body: '<!doctype html><title>Welcome</title>' },
    /answered with a web page: Welcome; is PP_OPENAI_BASE_URL right \(…\/v1\)\? Asked was http:.*\/v1\/chat\/completions/,
    1,
  ],
  [
    'a web page with 404',
    { status: 404, type: 'text/html', body: '<h1>Not here</h1>' },
    /a web page \(HTTP 404\): Not here; is PP_OPENAI_BASE_URL right/,
    1,
  ],
  [
    'a web page of a gateway',
    { status: 502, type: 'text/html', body: '<title>502 Bad Gateway</title>' },
    /unreachable: .*Bad Gateway/,
    3,
  ],
  [
    '404 of a router',
    { status: 404, type: 'text/plain', body: '404 page not found' },
    /PP_OPENAI_BASE_URL \(…\/v1\).*Asked was/,
    1,
  ],
  ['404 with a detail', json({ detail: 'Not Found' }, { status: 404 }), /Not Found.*PP_OPENAI_BASE_URL/, 1],
  ['plain text', { type: 'text/plain', body: 'hello there' }, /refused: .*answered with an error.*hello there/, 1],
  [
    '422 with a detail',
    json({ detail: [{ loc: ['body', 'temperature'], msg: 'must be below 1' }] }, { status: 422 }),
    /must be below 1 \(body\.temperature\)/,
    1,
  ],
  [
    '400 in plain text with other trouble',
    json({ message: 'no such model', code: 'model_not_found' }, { status: 400 }),
    /refused: .*no such model/,
    1,
  ],
  [
    'reasoning alone',
    json(whole({ content: null, reasoning_content: 'I wonder' })),
    /empty: m1 answered with nothing: it only thought/,
    1,
  ],
  [
    'a tool that is not there',
    json(whole({ content: null, tool_calls: [{ function: { name: 'read_file', arguments: '{"path' } }] })),
    /empty: m1 called the tool read_file/,
    1,
  ],
  ['no choices', json({ model: 'm1', choices: [] }), /empty: m1 answered with nothing$/, 1],
  [
    'the format of Anthropic',
    json({ type: 'message', role: 'assistant', content: [{ type: 'text', text: REPLY }] }),
    /empty: .*format of chat completions \(its answer has type, role, content\)/,
    1,
  ],
  [
    'the format of Ollama',
    { body: '{"model":"m1","message":{"content":"x"},"done":false}\n{"model":"m1","done":true}\n' },
    /format of chat completions/,
    1,
  ],
  [
    'the format of Gemini',
    json({ candidates: [{ content: { parts: [{ text: REPLY }] } }] }),
    /its answer has candidates/,
    1,
  ],
  [
    'the events of Anthropic',
    {
      type: STREAM,
      body: 'event: message_start\ndata: {"type":"message_start","message":{"role":"assistant"}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n',
    },
    /format of chat completions/,
    1,
  ],
  [
    'a redirect',
    { status: 308, headers: { location: 'http://127.0.0.1:1/v1' }, body: '' },
    /redirects \(HTTP 308\)/,
    1,
  ],
  [
    'a long pause',
    json(serverError(429, 'later'), { status: 429, headers: { 'retry-after': '7200' } }),
    /later \(it asks to wait 7200 s, 1 call\)/,
    1,
  ],
  [
    'words with control characters',
    json(serverError(401, 'no\u001b[31m \u202eway\nat all'), { status: 401 }),
    /no \[31m way at all$/,
    1,
  ],
]
