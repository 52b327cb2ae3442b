import type { SourcePosition } from './position-patterns.ts'

const FILE = /^(?:file|file_?path|file_?name|path|uri|source)$/i
const LINE = ['line', 'lineNumber', 'line_number', 'startLine', 'start_line', 'line_start', 'row', 'beginLine', 'begin']
const COLUMN = ['column', 'col', 'character', 'columnNumber', 'column_start', 'startColumn']
/** The end of a range is not a place of its own. */
const END = /^(?:end|finish)$/i
const SEVERITY = /^(?:severity|level|kind)$/i
const MILD = /^(?:warning|warn|note|info|information|hint|help)$/i

/** The first entry of such a list is the place, the others are related to it. */
const SEVERAL = /^(?:locations|labels)$/
const RELATED = /^related/i

/** `aside`: a warning or a note points there, not an error. */
export interface JsonLocation extends SourcePosition {
  readonly aside: boolean
}

/** What a report in JSON holds: places that are named by keys, and texts that may name more places. */
export interface JsonReport {
  readonly places: JsonLocation[]
  readonly texts: string[]
}

interface JsonParent {
  readonly key: string | null
  readonly file: string | null
  readonly aside: boolean
  readonly depth: number
}

const TOP: JsonParent = { key: null, file: null, aside: false, depth: 0 }

/** Reads the JSON in an output; other lines are kept as they are. */
export function jsonReportIn(output: string): JsonReport {
  const text = output.trim()
  if (!/^[[{]/m.test(text)) return { places: [], texts: [output] }
  const report: JsonReport = { places: [], texts: [] }
  const whole = /^[[{]/.test(text) ? parseJson(text) : undefined
  if (whole !== undefined) walkJson(whole, report)
  else readLines(output.split('\n'), report)
  // Events split their texts at line ends, and keep the newline.
  return { places: report.places, texts: report.texts.map((one) => one.replace(/\n$/, '')) }
}

const ONE_LINE = /^(?:\{"|\[[{["]).*[\]}]\s*$/
const OPENS = /^[[{]{1,2}\s*$/
const CLOSES = /^[\]}]{1,2}\s*$/
/** Text that is not JSON may also open brackets; this limits how often an end is tried. */
const TRIES = 3

/** Reads values on one line, and values over several lines between brackets on lines of their own. */
function readLines(lines: readonly string[], report: JsonReport): void {
  const ends = { close: 0, tries: 0 }
  for (let at = 0; at < lines.length; at++) {
    const end = endOf(lines, at, ends)
    const value = end === null ? undefined : parseJson(lines.slice(at, end + 1).join('\n'))
    if (end === null || value === undefined) report.texts.push(lines[at] ?? '')
    else {
      walkJson(value, report)
      at = end
    }
  }
}

/** The line where a value that begins in a line may end. `ends`: the next closing bracket, and how often it was tried. */
function endOf(lines: readonly string[], at: number, ends: { close: number; tries: number }): number | null {
  const line = lines[at] ?? ''
  if (ONE_LINE.test(line)) return at
  if (!OPENS.test(line)) return null
  if (ends.close <= at) {
    ends.close = at + 1
    ends.tries = 0
    while (ends.close < lines.length && !CLOSES.test(lines[ends.close] ?? '')) ends.close++
  }
  return ends.close < lines.length && ends.tries++ < TRIES ? ends.close : null
}

/**
 * ESLint, Pyright, cargo, Ruff, `go test -json`: a key for the file and a key for the line; the file may be named in an outer
 * object.
 */
function walkJson(value: unknown, into: JsonReport, outer: JsonParent = TOP): void {
  if (outer.depth > 30) return
  if (typeof value === 'string' && /[\n:]/.test(value)) into.texts.push(value)
  if (typeof value !== 'object' || value === null) return
  const within = { ...outer, depth: outer.depth + 1 }
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries())
      walkJson(one, into, { ...within, key: null, aside: outer.aside || (SEVERAL.test(outer.key ?? '') && at > 0) })
    return
  }
  walkObject(value, into, within)
}

function walkObject(value: object, into: JsonReport, outer: JsonParent): void {
  const entries = Object.entries(value)
  const aside = isAside(entries) ?? outer.aside
  const file = fileIn(entries) ?? besides(entries) ?? outer.file
  const line = numberOf(entries, LINE)
  if (file !== null && line !== null) into.places.push({ path: file, line, column: numberOf(entries, COLUMN), aside })
  for (const [key, one] of entries) {
    if (key === 'range' && file !== null && isLspRange(one))
      into.places.push({ path: file, line: one.start.line + 1, column: one.start.character + 1, aside })
    else if (!END.test(key) && !(FILE.test(key) && typeof one === 'string'))
      walkJson(one, into, {
        ...outer,
        key,
        file: isPathKey(key, one) ? key : file,
        aside: aside || RELATED.test(key),
      })
  }
}

/** Whether an object says itself that it is no error; null: it says nothing about this. */
function isAside(entries: JsonEntries): boolean | null {
  if (entries.some(([key, one]) => key === 'is_primary' && one === false)) return true
  const severity = entries.find(([key, one]) => SEVERITY.test(key) && typeof one === 'string')?.[1]
  return typeof severity === 'string' ? MILD.test(severity) : null
}

/** PHP_CodeSniffer and others list what they found under each file's path. */
function isPathKey(key: string, value: unknown): boolean {
  return typeof value === 'object' && /\.\w+$/.test(key)
}

type JsonEntries = readonly (readonly [string, unknown])[]

function fileIn(entries: JsonEntries): string | null {
  const isFile = ([key, one]: readonly [string, unknown]) =>
    FILE.test(key) &&
    typeof one === 'string' &&
    one !== '' &&
    !one.includes('\n') &&
    (key !== 'source' || /[/\\]/.test(one))
  const found = entries.find(isFile)?.[1]
  return typeof found === 'string' ? found : null
}

/** SARIF names the file in an object beside the one that names the line. */
function besides(entries: JsonEntries): string | null {
  const artifact = entries.find(([key]) => key === 'artifactLocation')?.[1]
  return typeof artifact === 'object' && artifact !== null ? fileIn(Object.entries(artifact)) : null
}

function numberOf(entries: JsonEntries, keys: readonly string[]): number | null {
  const found = entries.find(([key, one]) => keys.includes(key) && Number.isInteger(one))?.[1]
  return typeof found === 'number' && found > 0 ? found : null
}

/** Positions of the Language Server Protocol count from 0. */
function isLspRange(value: unknown): value is { start: { line: number; character: number } } {
  const start = typeof value === 'object' && value !== null && 'start' in value ? value.start : null
  return (
    typeof start === 'object' &&
    start !== null &&
    'line' in start &&
    Number.isInteger(start.line) &&
    'character' in start &&
    Number.isInteger(start.character)
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
