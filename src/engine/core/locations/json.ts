import type { Named } from './patterns.ts'

const FILE = /^(?:file|file_?path|file_?name|path|uri)$/i
const LINE = ['line', 'lineNumber', 'line_number', 'startLine', 'start_line', 'line_start', 'row', 'beginLine']
const COLUMN = ['column', 'col', 'character', 'columnNumber', 'column_start', 'startColumn']

/** What a report in JSON holds: places it names by keys, and texts that may name more. */
export interface Report {
  readonly places: Named[]
  readonly texts: string[]
}

/** ESLint, Pyright, cargo, Ruff, `go test -json`: a file's key and a line's key, the file also from further out. */
export function walkJson(value: unknown, into: Report, file: string | null = null, depth = 0): void {
  if (depth > 30) return
  if (Array.isArray(value)) {
    for (const one of value) walkJson(one, into, file, depth + 1)
    return
  }
  if (typeof value === 'string') {
    if (/[\n:]/.test(value)) into.texts.push(value)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const entries = Object.entries(value)
  const own = entries.find(([key, one]) => FILE.test(key) && typeof one === 'string' && one !== '')?.[1] as
    | string
    | undefined
  const here = own ?? file
  const line = numberOf(entries, LINE)
  if (here !== null && line !== null) into.places.push({ path: here, line, column: numberOf(entries, COLUMN) })
  for (const [key, one] of entries) {
    if (key === 'range' && here !== null && isLspRange(one))
      into.places.push({ path: here, line: one.start.line + 1, column: one.start.character + 1 })
    else if (!FILE.test(key)) walkJson(one, into, here, depth + 1)
  }
}

function numberOf(entries: readonly (readonly [string, unknown])[], keys: readonly string[]): number | null {
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

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
