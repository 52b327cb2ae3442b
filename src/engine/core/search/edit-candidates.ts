import { dialectOf } from './dialect.ts'
import { type DocumentedValues, documentedValues } from './documented-values.ts'
import { type FunctionRegion, functionsOf } from './function-regions.ts'
import { type RepairIngredients, repairIngredientsOf } from './repair-ingredients.ts'
import type { RepairSite, RepairTemplate, TokenRewrite } from './repair-template.ts'
import { type RuleWeights, WEIGHTS } from './rule-weights.ts'
import { isAssignmentTarget } from './statement-line.ts'
import { HEAD_TEMPLATES, TEMPLATES } from './templates.ts'
import { type TokenizedFile, tokenizeFile, tokenText } from './tokenized-file.ts'

/** A place that the failure named; `line` 1-based, null = the whole file; a higher score is more suspicious. */
export interface SuspectedLine {
  readonly path: string
  readonly line: number | null
  readonly score: number
}

/** One edit to try. */
export interface EditCandidate {
  readonly path: string
  /** Character offsets in the file's text. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly line: number
  readonly rule: string
  /** The logarithm of its likelihood, up to a constant. */
  readonly score: number
}

// Lowers the score of further candidates at one place; without it, the first three hundred of five thousand candidates would
// be variants of one place.
const DIMINISH = 0.45
// The suspicion of a line in the same function as a suspicious line, relative to that line.
const NEAR = 0.15
const AT_ONCE = 8
const MAX_PER_SITE = 400
/** In tokens; about 500 lines. */
const LONGEST = 4000

/** A function, or all code outside of functions: the unit of the search. */
interface SearchRegion {
  readonly path: string
  readonly source: TokenizedFile
  /** The indexes of its tokens. */
  readonly places: readonly number[]
  /** The tokens in the heads of all functions of the file. */
  readonly heads: ReadonlySet<number>
  readonly documented: DocumentedValues
  readonly inFunction: boolean
  /** Line → how suspicious it is, 0 to 1. */
  readonly lines: ReadonlyMap<number, number>
  readonly score: number
}

/**
 * All single edits, the likely ones first: those of the suspected lines and their functions, then of the other functions of
 * the suspected files, then of the code outside of functions. No edit comes twice. `files`: path → text; `weights`: rule → how
 * likely its edits are.
 */
export function* editCandidates(
  files: ReadonlyMap<string, string>,
  suspects: readonly SuspectedLine[],
  weights = WEIGHTS,
): Generator<EditCandidate> {
  const searchRegions = [...files].flatMap(([path, text]) => stretchesOf(path, text, suspects))
  searchRegions.sort((a, b) => b.score - a.score)
  const seen = new Set<string>()
  while (searchRegions.length > 0) {
    const batch = searchRegions.splice(0, AT_ONCE).flatMap((searchRegion) => [...ofStretch(searchRegion, weights)])
    batch.sort((a, b) => b.score - a.score)
    for (const candidate of batch) {
      const key = keyOf(candidate, files.get(candidate.path) ?? '')
      if (key === null || seen.has(key)) continue
      seen.add(key)
      yield candidate
    }
  }
}

/** Candidates with equal keys produce equal files; null = the candidate changes nothing. */
function keyOf(candidate: EditCandidate, text: string): string | null {
  const old = text.slice(candidate.start, candidate.end)
  const { text: fresh } = candidate
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++
  if (head === old.length && head === fresh.length) return null
  return `${candidate.path}\0${candidate.start + head}\0${candidate.end - tail}\0${fresh.slice(head, fresh.length - tail)}`
}

/** The outermost functions of a file, and one more region for the code outside of them. */
function stretchesOf(path: string, text: string, suspects: readonly SuspectedLine[]): SearchRegion[] {
  const dialect = dialectOf(path)
  const own = suspects.filter((suspect) => suspect.path === path)
  if (dialect === null || own.length === 0) return []
  const top = Math.max(...suspects.map(({ score }) => score), Number.MIN_VALUE)
  const whole = Math.max(0, ...own.filter(({ line }) => line === null).map(({ score }) => score / top))
  const named = new Map<number, number>()
  for (const { line, score } of own) {
    if (line !== null) named.set(line, Math.max(named.get(line) ?? 0, score / top))
  }
  const source = tokenizeFile(text, dialect)
  const regions = functionsOf(source)
  const documented = documentedValues(source)
  const heads = new Set(regions.flatMap(({ first, headLast }) => range(first, headLast)))
  const make = (places: readonly number[], inFunction: boolean, otherwise: number): SearchRegion => {
    const lines = new Map<number, number>()
    for (const at of places) {
      const line = source.tokens[at]?.line ?? 0
      const score = named.get(line)
      if (score !== undefined) lines.set(line, score)
    }
    const score = Math.max(0, ...lines.values()) || otherwise
    return { path, source, places, heads, documented, inFunction, lines, score }
  }
  const outer = outermost(regions)
  const covered = new Set(outer.flatMap(({ first, last }) => range(first, last)))
  const rest = range(0, source.tokens.length - 1).filter((at) => !covered.has(at))
  return [
    ...outer.map(({ first, last }) => make(range(first, last), true, whole * NEAR)),
    make(rest, false, whole * NEAR * NEAR),
  ]
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/**
 * Functions that are not inside another one. A very long function is a wrapper around a file, so the functions in it are used
 * instead.
 */
function outermost(regions: readonly FunctionRegion[]): FunctionRegion[] {
  const found: FunctionRegion[] = []
  let end = -1
  for (const region of regions) {
    if (region.first <= end || region.last - region.first > LONGEST) continue
    found.push(region)
    end = region.last
  }
  return found
}

function* ofStretch(searchRegion: SearchRegion, weights: RuleWeights): Generator<EditCandidate> {
  const { source, path, heads, places } = searchRegion
  const around: RepairIngredients = repairIngredientsOf(source, places, searchRegion)
  const rest = Math.max(searchRegion.score, 0.01) * NEAR
  for (const at of places) {
    const line = source.tokens[at]?.line ?? 0
    if (isDeclaration(source, at)) continue
    const site = { source, at, around, target: isAssignmentTarget(source, at) }
    const place = Math.log(searchRegion.lines.get(line) ?? rest)
    for (const [index, rewrite] of ranked(site, heads.has(at) ? HEAD_TEMPLATES : TEMPLATES, weights).entries()) {
      const { start, end, text, rule } = rewrite
      const score = place + Math.log(weigh(rewrite, weights)) - DIMINISH * Math.log(index + 1)
      yield { path, start, end, text, line, rule, score }
    }
  }
}

/** The rewrites of one site, the likely ones first. */
function ranked(site: RepairSite, templates: readonly RepairTemplate[], weights: RuleWeights): TokenRewrite[] {
  const all = templates.flatMap((template) => [...template(site)])
  return all.sort((a, b) => weigh(b, weights) - weigh(a, weights)).slice(0, MAX_PER_SITE)
}

function weigh({ rule, factor = 1 }: TokenRewrite, weights: RuleWeights): number {
  return (weights[rule] ?? 0.01) * factor
}

const DECLARING = new Set(['import', 'from', 'package', 'use', 'using', 'require', 'include', 'namespace', 'module'])

/** Whether a line only names other modules; such a line contains no logic. */
function isDeclaration(source: TokenizedFile, at: number): boolean {
  let first = at
  while (first > 0 && source.tokens[first - 1]?.line === source.tokens[at]?.line) first--
  const text = tokenText(source, first)
  const next = tokenText(source, first + 1)
  return (DECLARING.has(text) && next !== '.') || (text === 'export' && next === 'from')
}
