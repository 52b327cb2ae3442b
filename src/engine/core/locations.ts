import { parseJson, type Report, walkJson } from './locations/json.ts'
import { blamedFile, isHeading, type Named, placesIn, underHeading } from './locations/patterns.ts'
import { kindOf } from './locations/stacks.ts'

/** `fail`: where it broke or what a diagnostic points at; `frame`: on the way there; `cause`: what a note adds. */
export type Role = 'fail' | 'frame' | 'cause'

/** A place that an output names, `path` as it is printed. Lines and columns count from 1. */
export interface Location extends Named {
  readonly role: Role
  /** The line it stands in, trimmed and cut to 300 characters. */
  readonly text: string
  /** Frames of one trace share a number, and stand innermost first. */
  readonly stack: number | null
}

const ROLES: Readonly<Record<string, Role>> = { note: 'cause', via: 'frame' }
const MOST = 20_000
const LINE = 2000

/** All places that an output of any tool names, in its order. `output`: plain text, terminal escapes removed. */
export function locations(output: string): Location[] {
  const json = reportOf(output)
  if (!json) return fromText(output)
  const structured = json.places.map((place) => ({ ...place, role: 'fail' as const, text: '', stack: null }))
  return bounded([...structured, ...fromText(json.texts.join('\n'))])
}

/** The beginning and the end of a long list: the first error and the last trace say most. */
function bounded(found: Location[]): Location[] {
  return found.length <= MOST ? found : [...found.slice(0, MOST / 2), ...found.slice(-MOST / 2)]
}

/** The whole output as one JSON text, or its lines that are JSON objects, unpacked; null for ordinary text. */
function reportOf(output: string): Report | null {
  const report: Report = { places: [], texts: [] }
  const text = output.trim()
  if (/^[[{]/.test(text)) {
    const whole = parseJson(text)
    if (whole !== undefined) {
      walkJson(whole, report)
      return report
    }
  }
  if (!/^\{"/m.test(output)) return null
  for (const line of output.split('\n')) {
    const event = line.startsWith('{"') ? parseJson(line) : undefined
    if (event === undefined) report.texts.push(line)
    else walkJson(event, report)
  }
  // Events cut their texts where a line ends, and keep the end of line.
  return { places: report.places, texts: report.texts.map((one) => one.replace(/\n$/, '')) }
}

interface Reading {
  readonly found: Location[]
  /** The open trace: its number, its frames' order, and whether only lines that belong to it have come since. */
  stack: { readonly id: number; readonly inner: 'first' | 'last'; frames: Location[] } | null
  stacks: number
  heading: string | null
  /** Go prints a test file without its directory, and the package after its tests. */
  bare: number[]
}

function fromText(text: string): Location[] {
  const state: Reading = { found: [], stack: null, stacks: 0, heading: null, bare: [] }
  for (const raw of text.split('\n')) readLine(state, raw.length > LINE ? raw.slice(0, LINE) : raw)
  closeStack(state, false)
  return bounded(state.found)
}

function readLine(state: Reading, line: string): void {
  const kind = kindOf(line)
  if (kind.is === 'break') closeStack(state, kind.demote)
  if (kind.is === 'frame' && kind.opens) closeStack(state, false)
  qualify(state, line)
  if (isHeading(line)) state.heading = line
  const under = state.heading === null ? null : underHeading(line)
  if (under && state.heading !== null) add(state, { path: state.heading, ...under }, 'fail', line)
  const places = placesIn(line).map((place) => ({ ...place, path: packaged(place.path, line) }))
  const blamed = places.length === 0 ? blamedFile(line) : null
  if (blamed !== null) add(state, { path: blamed, line: null, column: null }, 'fail', line)
  if (places.length === 0) {
    if (kind.is === 'plain' && state.stack?.inner === 'first') closeStack(state, false)
    return
  }
  if (kind.is === 'frame') for (const place of places) addFrame(state, kind.inner, place, line)
  else for (const place of places) add(state, place, ROLES[kind.is] ?? 'fail', line)
}

function add(state: Reading, place: Named, role: Role, line: string): void {
  if (/^[^/\\]+\.go$/.test(place.path)) state.bare.push(state.found.length)
  state.found.push({ ...place, role, text: line.trim().slice(0, 300), stack: null })
}

function addFrame(state: Reading, inner: 'first' | 'last', place: Named, line: string): void {
  if (state.stack?.inner !== inner) {
    closeStack(state, false)
    state.stack = { id: state.stacks++, inner, frames: [] }
  }
  state.stack.frames.push({ ...place, role: 'frame', text: line.trim().slice(0, 300), stack: state.stack.id })
}

/** Moves the open trace to what was found, innermost frame first; that one is where it broke, unless it was handled. */
function closeStack(state: Reading, handled: boolean): void {
  if (!state.stack) return
  const frames = state.stack.inner === 'first' ? state.stack.frames : [...state.stack.frames].reverse()
  for (const [at, frame] of frames.entries())
    state.found.push({ ...frame, role: at === 0 && !handled ? 'fail' : 'frame', stack: handled ? null : frame.stack })
  state.stack = null
}

/** 'at app.Main.len(Main.java:5)' names the package before the file: app/Main.java. */
function packaged(path: string, line: string): string {
  if (/[/\\]/.test(path)) return path
  const name = /\bat (?:[\w.]+\/)?((?:[\w$]+\.)+)[\w$<>]+\([\w$]+\.(?:java|kt|scala|groovy)\b/.exec(line)?.[1]
  if (name === undefined) return path
  return [...name.split('.').slice(0, -2), path].join('/')
}

/** 'FAIL example.com/shop/cart 0.01s' tells the directory of the bare file names above it. */
function qualify(state: Reading, line: string): void {
  const directory = /^(?:FAIL|ok)\s+([\w.-]+(?:\/[\w.-]+)+)\s+[\d.(]/.exec(line)?.[1]
  if (directory === undefined) return
  for (const at of state.bare) {
    const one = state.found[at]
    if (one) state.found[at] = { ...one, path: `${directory}/${one.path}` }
  }
  state.bare = []
}

/** Files that a command line names: places to look at when its output names none. */
export function namedByCommand(command: string): Location[] {
  const words = command.split(/[\s'"=;|&<>()]+/).filter((word) => /\w/.test(word) && !word.startsWith('-'))
  return words.map((path) => ({
    path: path.replace(/::.*$/, ''),
    line: null,
    column: null,
    role: 'frame',
    text: command.slice(0, 300),
    stack: null,
  }))
}
