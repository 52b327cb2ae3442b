import type { FunctionSlice } from '../../model/trace.ts'
import type { Suspicious } from '../localise/rank.ts'
import { calls, constantLines, identifiers, importLines } from '../localise/relations.ts'
import { untrusted } from '../prompt/untrusted.ts'
import { cut, range, textLines } from './lines.ts'
import { type Pages, pagesOf } from './pages.ts'
import { said } from './said.ts'

/** A failing test: where it stands; `slice` null where no function could be found for it. */
export interface FailingTest {
  readonly path: string
  readonly slice: FunctionSlice | null
  readonly line: number | null
}

/** Everything a context may be made of; all texts redacted already, nothing in it that a proposer must not see. */
export interface Scene {
  readonly output: string
  readonly tests: readonly FailingTest[]
  readonly ranked: readonly Suspicious[]
  /** Path → text of every file that may be shown. */
  readonly texts: ReadonlyMap<string, string>
  readonly functions: ReadonlyMap<string, readonly FunctionSlice[]>
  readonly isTest: (path: string) => boolean
  /** Whether it is known what ran. */
  readonly traced: boolean
  /** Lines that failing tests ran; empty without a trace. */
  readonly ran: (path: string) => ReadonlySet<number>
}

const CHARACTERS_PER_TOKEN = 3.6
/** A function costs about 170 tokens; more of them than this only dilute what matters. */
const TOKENS_PER_FUNCTION = 200
/**
 * Next to the most suspicious function, or to one that all failing tests ran and no other; what a trace finds less suspicious
 * than this, and what comes after the ranks that are worth it anyway, is named in a first request, not shown.
 */
const WORTH_SHOWING = 0.3
const WORTH_ANYWAY = 5
/** In lines: files that are shown whole, functions that are not, what is shown around a line of those. */
const SMALL_FILE = 40
const LONG_FUNCTION = 80
const AROUND = 5
/** So for the first ranks; those after them, and what else has no room, are cut from half of it on, and closer. */
const FIRST_RANKS = 3
const CLOSER = 3
const IMPORTS = 12
const SIGNATURES = 15
const NEXT = 12
const LISTED = 60
const FIRST = 4000
const WHOLE_FILES = 3

const MARKS =
  'Suspicious code (numbers and > are not part of the files; > marks what ran when it failed or what the output names):'

/**
 * The prompt's body within a budget of tokens: what was said, the failing tests, the suspicious functions, the heads of
 * those that they call, and the names of the next ones.
 */
export function pack(scene: Scene, tokens: number): string {
  const budget = Math.round(tokens * CHARACTERS_PER_TOKEN)
  const words = said(scene.output, Math.round(budget / 10))
  const parts = [words === '' ? 'It printed nothing.' : `What it printed:\n${untrusted('OUTPUT', words)}`]
  const left = () => budget - parts.reduce((sum, part) => sum + part.length + 2, 0)
  parts.push(...testPages(scene, tokens, Math.round(budget / 5)).print())
  const shown = productPages(scene, tokens, left() - MARKS.length - 2)
  if (shown.paths().length > 0) parts.push(MARKS, ...shown.print())
  for (const part of [signatures(scene, shown), nextRanks(scene, shown), listing(scene, shown)])
    if (part !== '' && part.length + 2 <= left()) parts.push(part)
  return parts.join('\n\n')
}

/** Failing tests, whole as far as they fit, with the imports of their files; after the first one, a first request has only what stands around the place of each failure. */
function testPages({ tests, texts, ran }: Scene, tokens: number, room: number): Pages {
  const pages = pagesOf(texts, 'TEST', room)
  for (const [nth, { path, slice, line }] of tests.entries()) {
    const text = texts.get(path) ?? ''
    const near = line === null ? [] : [line]
    const brief = nth > 0 && tokens <= FIRST && line !== null
    const wide = () =>
      slice ? cut(slice, [...near, ...ran(path)], LONG_FUNCTION, AROUND) : around(text, line ?? 1, 3 * AROUND)
    const lines = brief && slice ? cut(slice, near, 2 * AROUND, CLOSER) : wide()
    const added = pages.add(path, lines, near)
    if (added || pages.add(path, around(text, line ?? slice?.start ?? 1, AROUND), near))
      pages.add(path, importLines(text, IMPORTS), [])
  }
  return pages
}

function around(text: string, line: number, lines: number): readonly number[] {
  return range(Math.max(1, line - lines), Math.min(line + lines, textLines(text).length))
}

function productPages(scene: Scene, tokens: number, room: number): Pages {
  const { texts, ran } = scene
  const pages = pagesOf(texts, 'FILE', room)
  for (const [rank, one] of worthShowing(scene, tokens).entries()) {
    const text = texts.get(one.path) ?? ''
    const length = textLines(text).length
    const marked = [...one.lines.keys()].filter((line) => (one.lines.get(line) ?? 0) >= 0.99)
    if (length <= SMALL_FILE && pages.add(one.path, range(1, length), marked)) continue
    const { slice } = one
    const matter = [...one.lines.keys(), ...ran(one.path)]
    const ways = slice
      ? [cut(slice, matter, LONG_FUNCTION, AROUND), cut(slice, matter, LONG_FUNCTION / 2, CLOSER)]
      : [[...one.lines.keys()].flatMap((line) => around(text, line, AROUND))]
    ways.slice(rank < FIRST_RANKS ? 0 : -1).some((lines) => lines.length > 0 && pages.add(one.path, lines, marked))
  }
  // A failed attempt may have lacked what stands around the functions.
  if (tokens > FIRST)
    for (const path of pages.paths().slice(0, WHOLE_FILES))
      pages.add(path, range(1, textLines(texts.get(path) ?? '').length), [])
  for (const path of pages.paths()) {
    const text = texts.get(path) ?? ''
    pages.add(path, importLines(text, IMPORTS), [])
    pages.add(path, constantLines(text, identifiers(shownText(scene, pages, path)), IMPORTS), [])
  }
  return pages
}

function worthShowing({ ranked, traced }: Scene, tokens: number): readonly Suspicious[] {
  const least = traced ? ((Math.min(1, ranked[0]?.score ?? 0) * WORTH_SHOWING) / tokens) * FIRST : 0
  const worth = ranked.filter(({ score }, rank) => score >= least || rank < WORTH_ANYWAY)
  return worth.slice(0, Math.max(1, Math.round(tokens / TOKENS_PER_FUNCTION)))
}

/** Heads of functions that the shown code calls and that are not shown themselves. */
function signatures(scene: Scene, shown: Pages): string {
  const { texts, functions, isTest } = scene
  const called = new Set(shown.paths().flatMap((path) => [...calls(shownText(scene, shown, path))]))
  const heads: string[] = []
  for (const [path, slices] of functions)
    for (const { name, start, headEnd } of isTest(path) ? [] : slices) {
      if (!called.has(name.slice(name.lastIndexOf('.') + 1)) || shown.has(path, start)) continue
      if (headEnd - start < 6)
        heads.push(`${path}:${start}: ${linesOf(texts, path, start, headEnd).trim().replace(/\s+/g, ' ')}`)
    }
  if (heads.length === 0) return ''
  return `Called there, and not shown:\n${untrusted('HEADS', heads.slice(0, SIGNATURES).join('\n'))}`
}

/** The functions of a file that are shown. */
function shownText({ texts, functions }: Scene, shown: Pages, path: string): string {
  const slices = (functions.get(path) ?? []).filter(({ start }) => shown.has(path, start))
  return slices.map(({ start, end }) => linesOf(texts, path, start, end)).join('\n')
}

function linesOf(texts: ReadonlyMap<string, string>, path: string, start: number, end: number): string {
  return (texts.get(path) ?? '')
    .split('\n')
    .slice(start - 1, end)
    .join('\n')
}

function nextRanks({ ranked }: Scene, shown: Pages): string {
  const next = new Map<string, string[]>()
  for (const { path, slice } of ranked)
    if (slice && slice.name !== '' && !shown.has(path, slice.start))
      next.set(path, [...(next.get(path) ?? []), slice.name])
  if (next.size === 0) return ''
  const rows = [...next].slice(0, NEXT).map(([path, names]) => `${path}: ${names.slice(0, NEXT).join(', ')}`)
  return `Less suspicious functions, not shown:\n${untrusted('NAMES', rows.join('\n'))}`
}

/** Where nothing points to any code, the names of the files have to do. */
function listing({ texts }: Scene, shown: Pages): string {
  if (shown.paths().length > 0 || texts.size === 0) return ''
  return `Files:\n${untrusted('FILES', [...texts.keys()].slice(0, LISTED).join('\n'))}`
}
