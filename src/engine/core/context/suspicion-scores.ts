import type { FunctionSlice, Spectrum } from '../../model/trace.ts'

/**
 * A spectrum of a whole process has no outcome of its own. It counts as failed if it ran a file of a failing test; if none
 * did, all count as failed.
 */
export function withOutcomes(spectra: readonly Spectrum[], failing: ReadonlySet<string>): readonly Spectrum[] {
  const ran = (one: Spectrum) => [...one.lines.keys()].some((path) => failing.has(path))
  if (!spectra.some((one) => one.test === null && ran(one))) return spectra
  return spectra.map((one) => (one.test === null ? { ...one, failed: ran(one) } : one))
}

/**
 * Whether a failing test is known to have run any of these files. Without that, nothing is known of what ran when it failed, as where
 * it starts an interpreter that leaves no trace.
 */
export function tellsOf(spectra: readonly Spectrum[], functions: ReadonlyMap<string, unknown>): boolean {
  return spectra.some((one) => one.failed && ranAny(one, functions))
}

function ranAny({ lines }: Spectrum, functions: ReadonlyMap<string, unknown>): boolean {
  return [...lines.keys()].some((path) => functions.has(path))
}

/** How many failing and passing tests ran a line. */
interface CoverageCounts {
  failed: number
  passed: number
}

/**
 * What a traced run shows about functions and lines: 0 = no failing test ran it, 1 = all failing tests ran it and no other
 * test.
 */
export interface SuspicionScores {
  /** That of its entry or of its best line: nearly every test may enter it, and the failing one alone run what is wrong. */
  ofFunction(path: string, index: number): number
  /** How many of its lines are nearly as suspicious as its best one. */
  linesAtTop(path: string, index: number): number
  ofLine(path: string, line: number): number
  /** Lines that failing tests ran. */
  ran(path: string): ReadonlySet<number>
}

/** The weight of code that ran once before the tests, compared with code that each test ran by itself. */
const BEFORE = 0.5
/** The power of the share of failing tests that ran a line: as a rule there is one bug, and then all of them ran it. */
const ALL_FAILING = 2
/** By how much the power of the whole coefficient grows when there are twice as many failing tests: they tell more. */
const DOUBLED = 0.3
/** Relative to the best line of a function. */
const NEARLY = 0.9

/**
 * Ochiai's coefficient: failed / sqrt(all failing tests × all tests that ran it), times the square of the share of failing tests
 * that ran it; of many failing tests, a power of this. Code that ran `before` the tests counts as run by all tests, with half the weight.
 * Abreu, Zoeteweij, van Gemund: An Evaluation of Similarity Coefficients for Software Fault Localization, PRDC 2006.
 */
export function suspicionScores(
  spectra: readonly Spectrum[],
  functions: ReadonlyMap<string, readonly FunctionSlice[]>,
  before: readonly Spectrum['lines'][],
): SuspicionScores {
  // A failing test that ran none of these files, as one that only holds other tests, tells nothing about them.
  const telling = spectra.filter((one) => one.failed && ranAny(one, functions))
  const failing = Math.max(1, telling.length)
  const owners = new Map([...functions].map(([path, all]) => [path, ownersOf(all)]))
  const { lines, slices, ran } = countRuns(spectra, owners)
  const power = 1 + DOUBLED * Math.log2(failing)
  const coefficient = (counts: CoverageCounts | undefined) => {
    if (counts === undefined || counts.failed === 0) return 0
    const ochiai = counts.failed / Math.sqrt(failing * (counts.failed + counts.passed))
    return ((counts.failed / failing) ** ALL_FAILING * ochiai) ** power
  }
  const bestLines = new Map<string, ReadonlyMap<number, number>>()
  const atTop = new Map<string, ReadonlyMap<number, number>>()
  for (const [path, counts] of lines) {
    const owner = owners.get(path) ?? (() => -1)
    const scored = [...counts].map(([line, of]) => [owner(line), coefficient(of)] as const)
    const best = highest(scored)
    atTop.set(path, tally(scored.filter(([slice, score]) => score > 0 && score >= NEARLY * (best.get(slice) ?? 0))))
    const entries = [...(slices.get(path) ?? [])].map(([slice, of]) => [slice, coefficient(of)] as const)
    bestLines.set(path, highest([...best, ...entries]))
  }
  const linesBefore = (path: string) => before.flatMap((one) => [...(one.get(path) ?? [])])
  const earlier = new Map([...functions.keys()].map((path) => [path, new Set(linesBefore(path))]))
  const entered = new Map([...owners].map(([path, owner]) => [path, new Set(linesBefore(path).map(owner))]))
  const atStart = spectra.length === 0 ? 0 : (BEFORE * Math.sqrt(failing / spectra.length)) ** power
  return {
    ofFunction: (path, index) =>
      Math.max(bestLines.get(path)?.get(index) ?? 0, entered.get(path)?.has(index) ? atStart : 0),
    linesAtTop: (path, index) => atTop.get(path)?.get(index) ?? 0,
    ofLine: (path, line) =>
      Math.max(coefficient(lines.get(path)?.get(line)), earlier.get(path)?.has(line) ? atStart : 0),
    ran: (path) => ran.get(path) ?? new Set(),
  }
}

/** How many failing and passing tests ran each line and entered each function, and the lines that failing tests ran. */
function countRuns(spectra: readonly Spectrum[], owners: ReadonlyMap<string, (line: number) => number>) {
  const lines = new Map<string, Map<number, CoverageCounts>>()
  const slices = new Map<string, Map<number, CoverageCounts>>()
  const ran = new Map<string, Set<number>>()
  for (const spectrum of spectra)
    for (const [path, executed] of spectrum.lines) {
      const owner = owners.get(path)
      const entered = new Set<number>()
      for (const line of executed) {
        count(lines, path, line, spectrum.failed)
        const slice = owner?.(line) ?? -1
        if (slice >= 0) entered.add(slice)
      }
      for (const slice of entered) count(slices, path, slice, spectrum.failed)
      if (spectrum.failed) ran.set(path, new Set([...(ran.get(path) ?? []), ...executed]))
    }
  return { lines, slices, ran }
}

/** Function → the highest of its scores. */
function highest(scored: Iterable<readonly [number, number]>): ReadonlyMap<number, number> {
  const best = new Map<number, number>()
  for (const [slice, score] of scored) best.set(slice, Math.max(best.get(slice) ?? 0, score))
  return best
}

/** Function → how many scores it has. */
function tally(scored: Iterable<readonly [number, number]>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const [slice] of scored) counts.set(slice, (counts.get(slice) ?? 0) + 1)
  return counts
}

function count(all: Map<string, Map<number, CoverageCounts>>, path: string, key: number, failed: boolean): void {
  const ofPath = all.get(path) ?? new Map<number, CoverageCounts>()
  all.set(path, ofPath)
  const counts = ofPath.get(key) ?? { failed: 0, passed: 0 }
  ofPath.set(key, counts)
  counts[failed ? 'failed' : 'passed']++
}

/** Line → index of the innermost function that holds it, -1 outside of functions. */
export function ownersOf(slices: readonly FunctionSlice[]): (line: number) => number {
  const owners: number[] = []
  // Inner functions start after the outer one, so they come later and win.
  for (const [index, { start, end }] of slices.entries())
    for (let line = start; line <= end; line++) owners[line] = index
  return (line) => owners[line] ?? -1
}
