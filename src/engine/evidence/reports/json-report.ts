import type { TestCase } from '../../model/evidence.ts'
import { caseOf } from '../runners/lib/case-of.ts'
import { placeOf } from '../runners/lib/test-report.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** How reports call the full title of a test, and its own title; the first key that is there counts. */
const FULL = ['fullName', 'fullTitle', 'full_description', 'nodeid', 'fullyQualifiedName', 'classname']
const OWN = ['title', 'name', 'description', 'testName', 'displayName']
const STATUS = ['status', 'outcome', 'state', 'result', 'event']
const FAILING = /^(?:fail(?:ed|ure|ing)?|error(?:ed)?|broken|timed?_?out|unexpected)$/i
/** What holds the words about a failure, the most telling first. */
const WORDS = [
  'message',
  'failureMessages',
  'failureMessage',
  'longrepr',
  'err',
  'error',
  'errors',
  'exception',
  'failure',
  'failures',
  'crash',
  'call',
  'stack',
  'stdout',
  'actual',
  'expected',
  'diff',
]
const SIDES = ['expected', 'actual']
const DEPTH = 30
/** In characters: a longer output is not searched for JSON. */
const MOST = 16_000_000

/**
 * A test report in JSON, whole or a line for each event, between other lines of an output. A failed test is an object with a
 * title and with words about a failure, whatever the keys around it are.
 */
export function jsonFailures(text: string): TestCase[] {
  if (text.length > MOST || !/^\s*[[{]/m.test(text)) return []
  const cases: TestCase[] = []
  for (const value of valuesIn(text)) walk(value, [], cases, 0)
  const longest = new Map<string, TestCase>()
  for (const one of cases) {
    const known = longest.get(one.id)
    if ((known?.message?.length ?? -1) < (one.message?.length ?? 0)) longest.set(one.id, one)
  }
  return [...longest.values()]
}

/** The values that begin at the beginning of a line: on one line, or up to the line that closes it without indentation. */
function* valuesIn(text: string): Generator<unknown> {
  const lines = text.split('\n')
  let tries = 0
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (!/^[[{]/.test(line)) continue
    const one = parsed(line)
    if (one !== undefined) {
      yield one
      continue
    }
    const end = tries++ > 20 ? -1 : lines.findIndex((next, index) => index > at && /^[\]}]/.test(next))
    const value = end === -1 ? undefined : parsed(lines.slice(at, end + 1).join('\n'))
    if (value === undefined) continue
    yield value
    at = end
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function walk(value: unknown, titles: readonly string[], cases: TestCase[], depth: number): void {
  if (depth > DEPTH || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    // Mocha's stream of events: ["fail", {…}].
    const [event, told] = value
    if (typeof event === 'string' && FAILING.test(event) && isObject(told))
      add({ ...told, status: event }, titles, cases)
    else for (const one of value) walk(one, titles, cases, depth + 1)
    return
  }
  const object = value as JsonObject
  if (add(object, titles, cases)) return
  const title = textAt(object, OWN)
  const below = title === null || textAt(object, FULL) !== null ? titles : [...titles, title]
  for (const one of Object.values(object)) walk(one, below, cases, depth + 1)
}

/** Adds the object if it is a failed test without failed tests in it. */
function add(object: JsonObject, titles: readonly string[], cases: TestCase[]): boolean {
  const full = textAt(object, FULL)
  const own = textAt(object, OWN)
  const status = textAt(object, STATUS)
  const failed =
    status === null ? isObject(object['err']) && Object.keys(object['err']).length > 0 : FAILING.test(status)
  const id = full ?? (own === null ? null : [...titles, own].join(' > '))
  if (!failed || id === null || Array.isArray(object['assertionResults']) || object['type'] === 'suite') return false
  const words = wordsOf(object, 0)
  if (words.length === 0) return false
  const lines = words.join('\n').split('\n')
  const named = placeIn(object)
  const place = lines.map((line) => placeOf(line)).find((found) => found !== undefined)
  const message = lines.find((line) => line.trim() !== '')
  cases.push(caseOf(id, 'failed', { message, body: lines, at: place ?? named }))
  return true
}

function wordsOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((one) => wordsOf(one, depth + 1))
  if (!isObject(value) || depth > 4) return []
  const object = value
  return WORDS.flatMap((key) => {
    if (!(key in object)) return []
    const words = wordsOf(object[key], depth + 1)
    if (SIDES.includes(key)) return words.map((one) => `${key}: ${one}`)
    return words
  })
}

function placeIn(object: JsonObject): { file: string; line: number } | undefined {
  const file = textAt(object, ['file_path', 'file', 'path'])
  const line = object['line_number'] ?? object['line'] ?? object['lineno']
  return file !== null && typeof line === 'number' ? { file, line } : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textAt(object: JsonObject, keys: readonly string[]): string | null {
  const found = keys.map((key) => object[key]).find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : null
}
