import { AROUND, CLOSER, excerpts, LONG_FUNCTION, standingOut } from './excerpts.ts'
import { worthShowing } from './how-many-functions.ts'
import { around, cut, range, textLines } from './lines.ts'
import { said } from './output-excerpt.ts'
import { type Pages, pagesOf } from './pages.ts'
import { constantLines, identifiers, importLines } from './relations.ts'
import type { Scene } from './scene.ts'
import { linesOf, listing, nextRanks, shownText, signatures } from './surroundings.ts'
import { untrusted } from './untrusted.ts'

const CHARACTERS_PER_TOKEN = 3.6
/** In lines. */
const SMALL_FILE = 40
const IMPORTS = 12
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
      slice ? cut(text, slice, [...near, ...ran(path)], LONG_FUNCTION, AROUND) : around(text, line ?? 1, 3 * AROUND)
    const lines = brief && slice ? cut(text, slice, near, 2 * AROUND, CLOSER) : wide()
    const added = pages.add(path, lines, near)
    if (!added && !pages.add(path, around(text, line ?? slice?.start ?? 1, AROUND), near)) continue
    const used = identifiers(slice ? linesOf(texts, path, slice.start, slice.end) : text)
    pages.add(path, importLines(text, used, IMPORTS), [])
  }
  return pages
}

function productPages(scene: Scene, tokens: number, room: number): Pages {
  const { texts } = scene
  const pages = pagesOf(texts, 'FILE', room)
  for (const [rank, one] of worthShowing(scene, FIRST / tokens).entries()) {
    const text = texts.get(one.path) ?? ''
    const length = textLines(text).length
    const marked = standingOut(one)
    if (length <= SMALL_FILE && pages.add(one.path, range(1, length), marked)) continue
    excerpts(text, one, rank).some((lines) => pages.add(one.path, lines, marked))
  }
  // A failed attempt may have lacked what stands around the functions.
  if (tokens > FIRST)
    for (const path of pages.paths().slice(0, WHOLE_FILES))
      pages.add(path, range(1, textLines(texts.get(path) ?? '').length), [])
  for (const path of pages.paths()) {
    const text = texts.get(path) ?? ''
    const used = identifiers(shownText(scene, pages, path))
    pages.add(path, importLines(text, used, IMPORTS), [])
    pages.add(path, constantLines(text, used, IMPORTS), [])
  }
  return pages
}
