import type { FunctionSlice, Spectrum } from '../../model/trace.ts'
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
  /** Identifiers in the failing tests and in their messages. */
  readonly words: ReadonlySet<string>
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
  /** Its suspicious lines → how suspicious each is, above 0 and up to 1. */
  readonly lines: ReadonlyMap<number, number>
}

const STACK = 0.5
const NAMES = 0.1
const NEAR = 0.05
const LOADED = 0.005
/** The share of `STACK` for a frame on the way to the failure. */
const FRAME = 0.8

/**
 * Functions of product files, the most suspicious first; of equal ones the shorter one comes first. Functions that nothing
 * points to are left out.
 */
export function rankFunctions(
  functions: ReadonlyMap<string, readonly FunctionSlice[]>,
  clues: FailureClues,
): { readonly ranked: readonly RankedFunction[]; readonly suspicion: SuspicionScores } {
  const seen = suspicionScores(clues.spectra, functions, clues.before)
  const ranked = [...functions].flatMap(([path, slices]) => ofFile(path, slices, clues, seen))
  return { ranked: ranked.filter(({ score }) => score > 0).sort(byScore), suspicion: seen }
}

function ofFile(
  path: string,
  slices: readonly FunctionSlice[],
  clues: FailureClues,
  seen: SuspicionScores,
): RankedFunction[] {
  const owner = ownersOf(slices)
  const stack = new Map<number, Map<number, number>>()
  for (const place of clues.places) {
    if (place.path !== path || place.line === null) continue
    const index = owner(place.line)
    const lines = stack.get(index) ?? new Map<number, number>()
    stack.set(index, lines.set(place.line, Math.max(lines.get(place.line) ?? 0, weightOf(place))))
  }
  const near = clues.near.has(path) ? NEAR : 0
  const loaded = clues.near.has(path) || clues.loaded.has(path) ? LOADED : 0
  const found = slices.map((slice, index): RankedFunction => {
    const named = clues.words.has(slice.name.slice(slice.name.lastIndexOf('.') + 1)) ? NAMES : 0
    const score = seen.ofFunction(path, index) + named + near + STACK * best(stack.get(index))
    return { path, slice, score, lines: linesOf(path, slice, seen, stack.get(index)) }
  })
  const outside = stack.get(-1)
  return [...found, { path, slice: null, score: STACK * best(outside) + loaded, lines: outside ?? new Map() }]
}

function weightOf({ role }: FailureLocation): number {
  return role === undefined || role === 'fail' ? 1 : FRAME
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

function byScore(a: RankedFunction, b: RankedFunction): number {
  return b.score - a.score || lengthOf(a) - lengthOf(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
}

/** Code outside of functions comes after all functions with the same score. */
function lengthOf({ slice }: RankedFunction): number {
  return slice === null ? Number.MAX_SAFE_INTEGER : slice.end - slice.start
}
