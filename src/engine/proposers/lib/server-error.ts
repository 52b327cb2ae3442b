import { firstWords } from '../../core/context/index.ts'
import type { HttpFetch } from './fetch.ts'

/** What a server said instead of a reply. */
export interface SaidError {
  /** The status of the answer, or the one that the body names; null: neither says which one it would be. */
  readonly status: number | null
  /** The server's own words on one line; empty if there are none. */
  readonly words: string
  /** The codes and types in the body, as one text. They are for programs, the words are for people. */
  readonly codes: string
  /** The parameter of the request that the body names. */
  readonly param: string | null
  readonly isPage: boolean
  readonly headers: Headers
}

/** Thrown in the place of a reply. Its message holds no words of the server, because the client library decides by them. */
export class ServerError extends Error {
  readonly said: SaidError
  constructor(said: SaidError) {
    super('the server answered with an error')
    this.said = said
  }
}

const MOST_WORDS = 300
/** In bytes; the rest of the body of an error is not read. */
const MOST_BODY = 64 * 1024
/** In the order in which they explain best what is wrong. */
const MESSAGES = ['message', 'msg', 'error_description', 'detail', 'error', 'errors', 'description', 'reason', 'title']
const CODES = ['code', 'type', 'status', 'status_code', 'http_status', '__type']
const PARAMETERS = ['param', 'loc']

/** The same `fetch`, but an answer with another status than 2xx is thrown, with the words of its body. */
export function throwingErrors(fetch: HttpFetch): HttpFetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.ok) return response
    const said = errorOfText(await beginning(response.body), response.headers)
    throw new ServerError({ ...said, status: response.status })
  }
}

async function beginning(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk)
      length += chunk.length
      if (length > MOST_BODY) break
    }
  } catch {
    // The status says more than a body that broke off.
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The error that a text in any form tells. */
export function errorOfText(text: string, headers: Headers): SaidError {
  if (/^\s*</.test(text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? /<h1[^>]*>([^<]*)/i.exec(text)?.[1] ?? ''
    return { status: null, words: plain(title), codes: '', param: null, isPage: true, headers }
  }
  try {
    return errorOfValue(JSON.parse(text), headers)
  } catch {
    return { status: null, words: plain(text), codes: '', param: null, isPage: false, headers }
  }
}

export function errorOfValue(value: unknown, headers: Headers): SaidError {
  const codes = valuesOf(value, CODES, 0)
  const words = plain(messageOf(value, 0) ?? JSON.stringify(value) ?? '')
  const param = valuesOf(value, PARAMETERS, 0).join('.') || null
  return { status: statusOf(codes), words, codes: codes.join(' '), param, isPage: false, headers }
}

/** Whether a value is an error in the place of a reply. */
export function isError(value: unknown): boolean {
  const fields = fieldsOf(value)
  const error = fields.get('error')
  if (error !== undefined && error !== null && error !== false) return true
  if (fields.get('object') === 'error' || fields.get('type') === 'error') return true
  return !fields.has('choices') && messageOf(value, 0) !== null
}

function plain(text: string): string {
  return firstWords(text.replace(/\p{C}+/gu, ' '), MOST_WORDS)
}

function fieldsOf(value: unknown): Map<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return new Map(isObject ? Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]) : [])
}

/** The text that explains the error, however deep it stands; of a list, its first three. */
function messageOf(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (depth > 5) return null
  if (Array.isArray(value)) {
    const some = value.slice(0, 3).flatMap((one) => messageOf(one, depth + 1) ?? [])
    return some.length === 0 ? null : some.join('; ')
  }
  const fields = fieldsOf(value)
  for (const key of MESSAGES) {
    const found = messageOf(fields.get(key), depth + 1)
    if (found === null) continue
    const at = fields.get('loc')
    return Array.isArray(at) ? `${found} (${at.join('.')})` : found
  }
  return null
}

/** What an error holds under such keys, from the outside to the inside. */
function valuesOf(value: unknown, keys: readonly string[], depth: number): readonly string[] {
  if (depth > 5) return []
  if (Array.isArray(value)) return value.slice(0, 3).flatMap((one) => valuesOf(one, keys, depth + 1))
  const fields = fieldsOf(value)
  const own = keys.flatMap((key) => [fields.get(key)].flat()).filter((one) => /^(?:string|number)$/.test(typeof one))
  const inner = ['error', 'errors', 'detail'].flatMap((key) => valuesOf(fields.get(key), keys, depth + 1))
  return [...own.map(String), ...inner]
}

/** Words that name a status, in the codes of OpenAI, Anthropic and gRPC, from the most to the least special. */
const STATUSES: readonly (readonly [RegExp, number])[] = [
  [/overloaded|unavailable/i, 503],
  [/timeout|timed_out|deadline_exceeded/i, 504],
  [/rate_?limit|too_many_requests|resource_exhausted|quota/i, 429],
  [/unauthenticated|authentication|api_?key/i, 401],
  [/permission|forbidden/i, 403],
  [/not_?found/i, 404],
  [/invalid|unsupported|context_length|bad_?request/i, 400],
  [/server_error|internal|api_error|bad_gateway/i, 500],
]

function statusOf(codes: readonly string[]): number | null {
  const number = codes.find((code) => /^[45]\d\d$/.test(code))
  if (number !== undefined) return Number(number)
  return STATUSES.find(([words]) => codes.some((code) => words.test(code)))?.[1] ?? null
}
