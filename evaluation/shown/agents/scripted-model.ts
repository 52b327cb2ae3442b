import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * What the model does when it is asked: a line for the agent's shell, other words in a file, with the agent's tool for edits or
 * else its shell, or words with which it ends its turn.
 */
export type ModelStep =
  | { readonly shell: string }
  | { readonly replace: string; readonly by: string; readonly path: string }
  | { readonly say: string }
  /** It never answers. */
  | { readonly hang: true }

/** A step in the words of an agent: a call of one of its tools, or text. */
type SaidStep = { readonly name: string; readonly args: Json } | { readonly say: string }

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** How often the model was asked for its next step. */
  readonly asked: () => number
  /** Whether something of the kind stood in a request: an agent tells what its tools printed. */
  readonly heard: (what: RegExp) => boolean
  close(): Promise<void>
}

type Json = Readonly<Record<string, unknown>>

/** One dialect: which requests are for the next step, and how a step is said. */
interface Dialect {
  readonly path: RegExp
  /** The names of the tools that the agent offers; null: it never asks for a step in this way. */
  readonly tools: (request: Json) => readonly unknown[] | null
  readonly say: (response: ServerResponse, step: SaidStep, n: number) => void
  readonly aside: (response: ServerResponse, request: Json) => void
}

const SHELLS: Readonly<Record<string, string>> = {
  Bash: 'command',
  bash: 'command',
  run_shell_command: 'command',
  exec_command: 'cmd',
  shell_command: 'command',
  shell: 'command',
}

/** A model on loopback that follows a script, in the four forms in which agents ask: Anthropic, OpenAI (two), Gemini. */
export async function scriptedModel(steps: readonly ModelStep[]): Promise<ScriptedModel> {
  let next = 0
  const heard: string[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await buffer(request)).toString()
    const url = request.url ?? ''
    const dialect = DIALECTS.find(({ path }) => path.test(url))
    if (dialect === undefined || request.method !== 'POST')
      return json(response, { data: [], models: [], object: 'list' })
    const asked = JSON.parse(text || '{}') as Json
    const names = dialect.tools(asked)
    heard.push(text)
    if (names !== null && 'hang' in (steps[next] ?? {})) return
    const said = names && saidStep(steps[next] ?? { say: 'Done.' }, names)
    if (said === null) return dialect.aside(response, asked)
    next += 1
    dialect.say(response, said, next)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => next,
    heard: (what) => heard.some((text) => what.test(text)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}

function stream(response: ServerResponse, events: readonly Json[], named: boolean, end = ''): void {
  response.setHeader('content-type', 'text/event-stream')
  for (const event of events) {
    if (named) response.write(`event: ${event['type']}\n`)
    response.write(`data: ${JSON.stringify(event)}\n\n`)
  }
  response.end(end)
}

/** The arguments of tools that edit files. */
const EDITS: Readonly<Record<string, (path: string, replace: string, by: string) => Json>> = {
  replace: (path, replace, by) => ({ file_path: path, old_string: replace, new_string: by, instruction: 'mend it' }),
  // Copilot CLI and opencode call it the same, and name its arguments in their own ways.
  edit: (path, replace, by) => ({
    ...{ path, old_str: replace, new_str: by },
    ...{ filePath: path, oldString: replace, newString: by },
  }),
}

/** Null: the agent offers no tool at all that works on files, so that it asks for something beside the work. */
function saidStep(step: ModelStep, names: readonly unknown[]): SaidStep | null {
  const among = (known: object) => names.find((one): one is string => typeof one === 'string' && one in known)
  const [shell, edit] = [among(SHELLS), among(EDITS)]
  if (shell === undefined && edit === undefined) return null
  if ('say' in step) return step
  if ('hang' in step) return null
  if ('replace' in step && edit !== undefined)
    return { name: edit, args: EDITS[edit]?.(step.path, step.replace, step.by) ?? {} }
  if (shell === undefined) return null
  const line = 'shell' in step ? step.shell : `sed -i 's/${step.replace}/${step.by}/' ${step.path}`
  const field = SHELLS[shell] ?? 'command'
  return { name: shell, args: { [field]: shell === 'shell' ? ['sh', '-c', line] : line, description: 'a step' } }
}

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : [])

const anthropic: Dialect = {
  path: /\/v1\/messages(?:\?|$)/,
  tools: (request) => listOf(request['tools']).map(({ name }) => name),
  say(response, step, n) {
    const usage = { input_tokens: 10, output_tokens: 10 }
    const message = { id: `msg_${n}`, type: 'message', role: 'assistant', model: 'scripted', content: [], usage }
    const isCall = 'name' in step
    const block = isCall
      ? { type: 'tool_use', id: `toolu_${n}`, name: step.name, input: {} }
      : { type: 'text', text: '' }
    const delta = isCall
      ? { type: 'input_json_delta', partial_json: JSON.stringify(step.args) }
      : { type: 'text_delta', text: step.say }
    stream(
      response,
      [
        { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
        { type: 'content_block_start', index: 0, content_block: block },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: isCall ? 'tool_use' : 'end_turn', stop_sequence: null }, usage },
        { type: 'message_stop' },
      ],
      true,
    )
  },
  aside: (response, request) =>
    request['stream'] === true
      ? anthropic.say(response, { say: 'ok' }, 0)
      : json(response, {
          ...{ id: 'msg_0', type: 'message', role: 'assistant', model: 'scripted', stop_reason: 'end_turn' },
          ...{ content: [{ type: 'text', text: 'ok' }], usage: { input_tokens: 1, output_tokens: 1 } },
        }),
}

const counting: Dialect = {
  ...anthropic,
  path: /count_tokens|countTokens/,
  tools: () => null,
  aside: (response) => json(response, { input_tokens: 10, totalTokens: 10 }),
}

const responses: Dialect = {
  path: /\/responses(?:\?|$)/,
  tools: (request) => listOf(request['tools']).map(({ name }) => name),
  say(response, step, n) {
    const isCall = 'name' in step
    const item = isCall
      ? {
          type: 'function_call',
          id: `fc_${n}`,
          call_id: `call_${n}`,
          name: step.name,
          arguments: JSON.stringify(step.args),
        }
      : { type: 'message', id: `msg_${n}`, role: 'assistant', content: [{ type: 'output_text', text: step.say }] }
    const usage = { input_tokens: 10, output_tokens: 10, total_tokens: 20 }
    stream(
      response,
      [
        { type: 'response.created', response: { id: `resp_${n}` } },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { id: `resp_${n}`, usage, output: [item] } },
      ],
      true,
    )
  },
  aside: (response) => responses.say(response, { say: 'ok' }, 0),
}

const chat: Dialect = {
  path: /\/chat\/completions/,
  tools: (request) => listOf(request['tools']).map((one) => (one['function'] as Json | undefined)?.['name']),
  say(response, step, n) {
    const isCall = 'name' in step
    const call = isCall && {
      ...{ index: 0, id: `call_${n}`, type: 'function' },
      function: { name: step.name, arguments: JSON.stringify(step.args) },
    }
    const delta = isCall ? { role: 'assistant', tool_calls: [call] } : { role: 'assistant', content: step.say }
    const head = { id: `chat_${n}`, object: 'chat.completion.chunk', created: 1, model: 'scripted' }
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 }
    stream(
      response,
      [
        { ...head, choices: [{ index: 0, delta, finish_reason: null }] },
        { ...head, choices: [{ index: 0, delta: {}, finish_reason: isCall ? 'tool_calls' : 'stop' }], usage },
      ],
      false,
      'data: [DONE]\n\n',
    )
  },
  aside: (response, request) =>
    request['stream'] === true
      ? chat.say(response, { say: 'ok' }, 0)
      : json(response, {
          ...{ id: 'chat_0', object: 'chat.completion', created: 1, model: 'scripted' },
          choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
        }),
}

const gemini: Dialect = {
  path: /:(?:streamG|g)enerateContent/,
  tools: (request) =>
    listOf(request['tools'])
      .flatMap((one) => listOf(one['functionDeclarations']))
      .map(({ name }) => name),
  say(response, step) {
    const part = 'name' in step ? { functionCall: { name: step.name, args: step.args } } : { text: step.say }
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 }
    const candidates = [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }]
    stream(response, [{ candidates, usageMetadata }], false)
  },
  aside: (response) =>
    json(response, {
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '{}' }] }, finishReason: 'STOP' }],
    }),
}

const DIALECTS: readonly Dialect[] = [counting, anthropic, responses, chat, gemini]
