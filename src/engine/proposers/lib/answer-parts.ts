/**
 * A part of the body of an answer: a JSON value, the mark that ends a stream, or text in no known form. `event` is the name of
 * the event, `isWhole` says that the value is the whole body.
 */
export type AnswerPart =
  | { readonly is: 'value'; readonly value: unknown; readonly event: string; readonly isWhole: boolean }
  | { readonly is: 'done' }
  | { readonly is: 'text'; readonly text: string; readonly event: string }

/** In characters: the most of a document that is not streamed, and of one event of a stream. */
const MOST = 16 * 1024 * 1024
/** In characters: so much of a text in no known form is kept for a message. */
const WORDS = 2000

/** The body is larger than anything that could be a reply. */
export class AnswerTooLarge extends Error {}
/** The body ended in the middle of a JSON document. */
export class AnswerBrokeOff extends Error {}

/**
 * Reads a body once, in linear time. Its form is seen from its own first character, because servers send streams as
 * application/json, and documents as event streams.
 */
export async function* answerParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<AnswerPart> {
  const lines = linesOf(decoded(body))
  for await (const line of lines) {
    if (line.trim() === '') continue
    yield* /^\s*[[{<]/.test(line) ? ofDocument(line, lines) : ofStream(line, lines)
    return
  }
}

async function* decoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let held = ''
  for await (const bytes of body) {
    const text = held + decoder.decode(bytes, { stream: true })
    // The line feed that belongs to it may be in the next chunk.
    held = text.endsWith('\r') ? '\r' : ''
    yield held === '' ? text : text.slice(0, -1)
  }
  yield held + decoder.decode()
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    const pieces = chunk.split(/\r\n|\r|\n/)
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      yield parts.join('') + piece
      parts = []
      length = 0
    }
    parts.push(last)
    length += last.length
    if (length > MOST) throw new AnswerTooLarge()
  }
  if (length > 0) yield parts.join('')
}

/** One JSON document, several of them on a line each, or a page. */
async function* ofDocument(first: string, rest: AsyncIterable<string>): AsyncGenerator<AnswerPart> {
  const lines = [first]
  let length = first.length
  for await (const line of rest) {
    lines.push(line)
    length += line.length + 1
    if (length > MOST) throw new AnswerTooLarge()
  }
  const text = lines.join('\n')
  const whole = parsed(text)
  if (whole !== undefined) {
    for (const value of Array.isArray(whole) ? whole : [whole]) yield { is: 'value', value, event: '', isWhole: true }
    return
  }
  if (/^\s*</.test(first)) yield { is: 'text', text: text.slice(0, WORDS), event: '' }
  else if (lines.length === 1 || parsed(first) === undefined) throw new AnswerBrokeOff()
  else for (const line of lines) if (line.trim() !== '') yield* ofData([line], '')
}

/** Server-sent events, as the HTML standard defines them; the blank line after an event may be missing. */
async function* ofStream(first: string, rest: AsyncIterable<string>): AsyncGenerator<AnswerPart> {
  let data: string[] = []
  let event = ''
  let strange = ''
  let any = false
  const take = function* (line: string): Generator<AnswerPart> {
    const [, field = '', text = ''] = /^(\w*): ?(.*)$/s.exec(line) ?? []
    if (line === '') {
      yield* ofData(data, event)
      data = []
      event = ''
    } else if (field === 'data') data.push(text)
    else if (field === 'event') event = text.trim()
    else if (/^\s*\{/.test(line)) yield* ofData([line], event)
    else if (!line.startsWith(':') && strange.length < WORDS) strange += `${line}\n`
  }
  for (const part of take(first)) yield mark(part)
  for await (const line of rest) for (const part of take(line)) yield mark(part)
  for (const part of take('')) yield mark(part)
  if (!any && strange !== '') yield { is: 'text', text: strange.slice(0, WORDS), event: '' }

  function mark(part: AnswerPart): AnswerPart {
    any = true
    return part
  }
}

/** The values of one event. Where its lines are no JSON together, each line is an event of its own. */
function* ofData(lines: readonly string[], event: string): Generator<AnswerPart> {
  const text = lines.join('\n').trim()
  if (text === '') return
  const whole = parsed(text)
  if (whole === undefined && lines.length > 1) for (const line of lines) yield* ofData([line], event)
  else if (/^\[done\]$/i.test(text)) yield { is: 'done' }
  else if (whole === undefined) yield { is: 'text', text: text.slice(0, WORDS), event }
  else yield { is: 'value', value: whole, event, isWhole: false }
}

/** Undefined for a text that is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
