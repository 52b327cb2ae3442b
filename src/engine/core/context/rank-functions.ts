import type { FunctionSlice, Spectrum } from '../../model/trace.ts'
import { wordParts } from './relations.ts'
import { ownersOf, type SuspicionScores, suspicionScores } from './suspicion-scores.ts'

/** A place that the output names. `fail`: where the failure happened; `frame`: a call on the way there. */
export interface FailureLocation {
  readonly path: string
  readonly line: number | null
  readonly role?: 'fail' | 'frame' | 'cause'
}

/** All that is known of a failure. */
export interface FailureClues {
  /** Empty: nothing was traced. */
  readonly spectra: readonly Spectrum[]
  readonly places: readonly FailureLocation[]
  /** Identifiers in the failing tests and in their messages, except those in strings of a test. */
  readonly words: ReadonlySet<string>
  /** All parts of words in the failing tests and in their messages: see `wordParts`. */
  readonly topics: ReadonlySet<string>
  /** The text of a product file. */
  readonly text: (path: string) => string
  /** Product files that the failing tests import or the command names. */
  readonly near: ReadonlySet<string>
  /** Files whose code outside of functions ran. */
  readonly loaded: ReadonlySet<string>
  /** Lines inside functions that ran before the tests, for all of them. */
  readonly before: readonly Spectrum['lines'][]
}

/** A function, or the code of a file outside of functions (`slice` null), and how suspicious it is. */
export interface RankedFunction {
  readonly path: string
  readonly slice: FunctionSlice | null
  readonly score: number
  /** The part of the score that comes from what tests ran. */
  readonly executed: number
  /** What the stack, the failing tests and the messages say about it; 0 = nothing. */
  readonly told: number
  /** Its suspicious lines → how suspicious each is, above 0 and up to 1. */
  readonly lines: ReadonlyMap<number, number>
}

const STACK = 0.5
const NAMES = 0.1
const NEAR = 0.05
const LOADED = 0.005
/** The share of `STACK` for a frame on the way to the failure; with a trace, that it ran is known already. */
const FRAME = 0.8
const FRAME_TRACED = 0.2
/** What the words of a failure say of a function that no failing test ran, with a trace. */
const NOT_RUN = 0.05
/** The power of the number of lines that are alike at the top of a function: in more lines, there are more bugs. */
const MANY_LINES = 0.1

/**
 * Functions of product files, the most suspicious first; of equal ones the one that shares more words with the failing tests and
 * their messages, then the one of which more lines ran. Functions that nothing points to are left out.
 */
export function rankFunctions(
  functions: ReadonlyMap<string, readonly FunctionSlice[]>,
  clues: FailureClues,
): { readonly ranked: readonly RankedFunction[]; readonly suspicion: SuspicionScores } {
  const seen = suspicionScores(clues.spectra, functions, clues.before)
  const ranked = [...functions].flatMap(([path, slices]) => ofFile(path, slices, clues, seen))
  const pointed = ranked.filter(({ score }) => score > 0)
  const shared = sharedTopics(pointed, clues)
  return { ranked: pointed.sort((a, b) => b.score - a.score || orderOfEqual(a, b, shared)), suspicion: seen }
}

/** The topics of the failing tests that a function has, the rare ones counting more: function → their weight. */
function sharedTopics(
  all: readonly RankedFunction[],
  { topics, text }: FailureClues,
): ReadonlyMap<RankedFunction, number> {
  const lines = new Map([...new Set(all.map(({ path }) => path))].map((path) => [path, text(path).split('\n')]))
  const own = all.map(({ path, slice }) => {
    const part = slice === null ? [] : (lines.get(path) ?? []).slice(slice.start - 1, slice.end)
    return [...wordParts(part.join('\n'))].filter((part) => topics.has(part))
  })
  const among = new Map<string, number>()
  for (const part of own.flat()) among.set(part, (among.get(part) ?? 0) + 1)
  const weight = (part: string) => Math.log(all.length / (among.get(part) ?? 1))
  return new Map(all.map((one, at) => [one, (own[at] ?? []).reduce((sum, part) => sum + weight(part), 0)]))
}

function orderOfEqual(a: RankedFunction, b: RankedFunction, shared: ReadonlyMap<RankedFunction, number>): number {
  // Code outside of functions comes after all functions with the same score.
  const outside = Number(a.slice === null) - Number(b.slice === null)
  return (
    outside ||
    (shared.get(b) ?? 0) - (shared.get(a) ?? 0) ||
    b.lines.size - a.lines.size ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  )
}

function ofFile(
  path: string,
  slices: readonly FunctionSlice[],
  clues: FailureClues,
  seen: SuspicionScores,
): RankedFunction[] {
  const owner = ownersOf(slices)
  const traced = clues.spectra.length > 0
  const stack = new Map<number, Map<number, number>>()
  for (const place of clues.places) {
    if (place.path !== path || place.line === null) continue
    const index = owner(place.line)
    const lines = stack.get(index) ?? new Map<number, number>()
    stack.set(index, lines.set(place.line, Math.max(lines.get(place.line) ?? 0, weightOf(place, traced))))
  }
  const near = clues.near.has(path) ? NEAR : 0
  const loaded = clues.near.has(path) || clues.loaded.has(path) ? LOADED : 0
  const found = slices.map((slice, index): RankedFunction => {
    const named = clues.words.has(slice.name.slice(slice.name.lastIndexOf('.') + 1)) ? NAMES : 0
    const executed = seen.ofFunction(path, index)
    const told = named + near + STACK * best(stack.get(index))
    const ran = executed * Math.max(1, seen.linesAtTop(path, index)) ** MANY_LINES
    const score = traced ? ran * (1 + told) + NOT_RUN * told : told
    return { path, slice, score, executed, told, lines: linesOf(path, slice, seen, stack.get(index)) }
  })
  const outside = stack.get(-1)
  const told = STACK * best(outside)
  const score = told + (traced ? NOT_RUN * loaded : loaded)
  return [...found, { path, slice: null, score, executed: 0, told, lines: outside ?? new Map() }]
}

function weightOf({ role }: FailureLocation, traced: boolean): number {
  return role === undefined || role === 'fail' ? 1 : traced ? FRAME_TRACED : FRAME
}

function best(lines: ReadonlyMap<number, number> | undefined): number {
  return Math.max(0, ...(lines?.values() ?? []))
}

/**
 * The suspicious lines of a function. Lines in the stack count 1 or FRAME; lines that failing tests ran count relative to the
 * most suspicious line.
 */
function linesOf(
  path: string,
  { start, end }: FunctionSlice,
  seen: SuspicionScores,
  stack: ReadonlyMap<number, number> | undefined,
): ReadonlyMap<number, number> {
  const lines = new Map<number, number>()
  for (let line = start; line <= end; line++) {
    const score = seen.ofLine(path, line)
    if (score > 0) lines.set(line, score)
  }
  const top = best(lines)
  for (const [line, score] of lines) lines.set(line, score / top)
  for (const [line, weight] of stack ?? []) lines.set(line, Math.max(lines.get(line) ?? 0, weight))
  return lines
}
