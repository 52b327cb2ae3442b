import { type AsideSection, isAsideLine, sectionAfter } from './aside-sections.ts'
import { directorySince, type EnteredDirectories } from './entered-directories.ts'
import type { LocationRole, OutputLocation } from './output-location.ts'
import { headingOf, locationUnderHeading, type PathHeading } from './path-headings.ts'
import { fileWithoutLine, positionsInLine, type SourcePosition } from './position-patterns.ts'
import { type ProgramLines, streamsOf } from './program-lines.ts'
import { type StackLine, stackLineOf } from './stack-lines.ts'

const ROLES: Readonly<Record<string, LocationRole>> = { note: 'cause', via: 'frame' }
/** How rustc points to a place below its message. */
const POINTS = /^\s*(?:-->|:::) /
const LINE = 2000

interface LocationScan {
  readonly found: OutputLocation[]
  /** The open trace: its number, the order of its frames, and whether only lines that belong to it have followed. */
  stack: {
    readonly id: number
    readonly inner: 'first' | 'last'
    readonly aside: boolean
    frames: OutputLocation[]
  } | null
  stacks: number
  /** True: the trace that follows shows where something was made that failed elsewhere. */
  aside: boolean
  /** The part of the output around this line that shows no failure, and whether this line alone shows none. */
  section: AsideSection | null
  alone: boolean
  before: string
  heading: PathHeading | null
  /** True: lines below the heading belonged to it. */
  headed: boolean
  /** True: the places that rustc points at belong to a warning. */
  warned: boolean
  readonly where: EnteredDirectories
  /** Places without a directory: Go prints a test file by its name alone, and the package after its tests. */
  bare: number[]
}

/** The places that plain text names, line by line. */
export function locationsInText(text: string): OutputLocation[] {
  const found = streamsOf(text).map(placesOfStream)
  return found.length === 1 ? (found[0] ?? []) : found.flat()
}

function placesOfStream({ within, lines }: ProgramLines): OutputLocation[] {
  const state: LocationScan = {
    found: [],
    stack: null,
    stacks: 0,
    aside: false,
    section: null,
    alone: false,
    before: '',
    heading: null,
    headed: false,
    warned: false,
    where: { entered: within === null ? [] : [within], since: 0 },
    bare: [],
  }
  for (const line of lines)
    if (/^(?:::|##|<)/.test(line)) for (const part of unfolded(line)) readLine(state, part)
    else readLine(state, line)
  closeStack(state, false)
  openHeading(state, null)
  return state.found
}

/**
 * Splits annotations of GitHub and TeamCity, which hold several lines in one, and XML reports, which may have no line ends at
 * all.
 */
function unfolded(line: string): string[] {
  if (line.startsWith('::')) return line.split('%0A')
  if (line.startsWith('<')) return line.split(/(?<=>) ?(?=<)/)
  return line.startsWith('##teamcity[') ? line.split('|n') : [line]
}

function readLine(state: LocationScan, whole: string): void {
  const line = whole.length > LINE ? whole.slice(0, LINE) : whole
  const kind = stackLineOf(line)
  state.section = sectionAfter(state.section, line)
  state.alone = isAsideLine(line, state.before)
  state.before = line
  turn(state, kind, line)
  if (kind.is === 'blank') return
  qualify(state, line)
  place(state, line)
  readHeading(state, line)
  const places = positionsInLine(line).map((named) => ({ ...named, path: packaged(named.path, line) }))
  const blamed = places.length === 0 ? fileWithoutLine(line) : null
  if (blamed !== null) add(state, { path: blamed, line: null, column: null }, 'fail', line)
  if (places.length === 0) {
    if (state.stack?.inner === 'first' && (kind.is === 'plain' || kind.is === 'aside')) closeStack(state, false)
    return
  }
  const role = state.warned && POINTS.test(line) ? 'cause' : (ROLES[kind.is] ?? 'fail')
  if (kind.is === 'frame') for (const named of places) addFrame(state, kind.inner, named, line)
  else for (const named of places) add(state, named, role, line)
}

/** Updates the state that a line changes for the lines after it. */
function turn(state: LocationScan, kind: StackLine, line: string): void {
  if (kind.is === 'break') closeStack(state, kind.demote)
  if (kind.is === 'aside') state.aside = true
  if (kind.is === 'break' || kind.is === 'blank') state.aside = false
  if (kind.is === 'frame' && kind.opens) closeStack(state, false)
  if (/^(?:warning|error)\b/.test(line)) state.warned = line.startsWith('warning')
}

function readHeading(state: LocationScan, line: string): void {
  const heading = headingOf(line)
  if (heading !== null) openHeading(state, heading)
  const under = state.heading === null ? null : locationUnderHeading(state.heading, line)
  if (!under || !state.heading) return
  state.headed = true
  add(state, { path: state.heading.path, ...under }, 'fail', line)
}

/** A path alone on its line is a place itself if no lines below belong to it. */
function openHeading(state: LocationScan, heading: PathHeading | null): void {
  const last = state.heading
  if (last?.alone && !state.headed) add(state, { path: last.path, line: null, column: null }, 'frame', last.path)
  state.heading = heading
  state.headed = false
}

/** npm prints where a script ran only after the script has failed. */
function place({ where, found }: LocationScan, line: string): void {
  const directory = directorySince(where, line, found.length)
  if (directory === null) return
  for (let at = where.since; at < found.length; at++) {
    const one = found[at]
    if (one) found[at] = { ...one, within: directory }
  }
  where.since = found.length
}

function add(state: LocationScan, named: SourcePosition, role: LocationRole, line: string): void {
  if (/^[^/\\]+\.go$/.test(named.path)) state.bare.push(state.found.length)
  state.found.push(located(state, named, role, line))
}

function located(state: LocationScan, named: SourcePosition, told: LocationRole, line: string): OutputLocation {
  const within = state.where.entered.at(-1)
  const role = told === 'fail' && (state.section !== null || state.alone) ? 'cause' : told
  const location: OutputLocation = { ...named, role, text: line.trim().slice(0, 300), stack: null }
  return within === undefined ? location : { ...location, within }
}

function addFrame(state: LocationScan, inner: 'first' | 'last', named: SourcePosition, line: string): void {
  if (state.stack?.inner !== inner) {
    closeStack(state, false)
    state.stack = { id: state.stacks++, inner, aside: state.aside || state.section !== null, frames: [] }
  }
  state.stack.frames.push({ ...located(state, named, 'frame', line), stack: state.stack.id })
}

/** Adds the open trace to the places, innermost frame first. That frame is where the failure happened, unless it was handled. */
function closeStack(state: LocationScan, handled: boolean): void {
  if (!state.stack) return
  const { inner, aside } = state.stack
  const frames = inner === 'first' ? state.stack.frames : [...state.stack.frames].reverse()
  const passed = handled || aside
  for (const [at, frame] of frames.entries())
    state.found.push({ ...frame, role: at === 0 && !passed ? 'fail' : 'frame', stack: passed ? null : frame.stack })
  state.stack = null
}

/** 'at app.Main.len(Main.java:5)' names the package before the file: app/Main.java. */
function packaged(path: string, line: string): string {
  if (/[/\\]/.test(path)) return path
  const name = /\bat (?:[\w.]+\/)?((?:[\w$]+\.)+)[\w$<>]+\([\w$]+\.(?:java|kt|scala|groovy)\b/.exec(line)?.[1]
  if (name === undefined) return path
  return [...name.split('.').slice(0, -2), path].join('/')
}

/** 'FAIL example.com/shop/cart 0.01s' names the directory of the bare file names above it. */
function qualify(state: LocationScan, line: string): void {
  const directory = /^(?:FAIL|ok)\s+([\w.-]+(?:\/[\w.-]+)+)\s+[\d.(]/.exec(line)?.[1]
  if (directory === undefined) return
  for (const at of state.bare) {
    const one = state.found[at]
    if (one) state.found[at] = { ...one, path: `${directory}/${one.path}` }
  }
  state.bare = []
}
