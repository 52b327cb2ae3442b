import type { Splice } from '../patch/index.ts'
import { type Effort, MAX_OLD_LINES, type Page, pageOf } from './align.ts'
import { editText, finalNewlineOf, mergeEdits } from './apply.ts'
import { chooseFits } from './choose.ts'
import type { DraftHunk } from './draft.ts'
import { elidedLine, elision, hasConflictMarkers, isElision } from './elisions.ts'
import { candidatesOf, firstDifference } from './explain.ts'
import type { Fit } from './fit.ts'
import { type Found, findHunk } from './locate.ts'
import { isBlank } from './loose-keys.ts'
import { Refuse } from './outcome.ts'
import { readText, type Text } from './text.ts'

export interface Edited {
  readonly bytes: Uint8Array
  readonly notes: readonly string[]
}

/** A hunk and the diff of the reply it belongs to: within one diff, hunks ascend. */
export interface Placed {
  readonly hunk: DraftHunk
  readonly section: number
}

/** The file with all hunks in it, or a thrown `Refuse`. Hunks are looked up in the file as it was. */
export function editFile(path: string, text: Text, hunks: readonly Placed[], effort: Effort): Edited {
  for (const { hunk } of hunks) guardHunk(path, text, hunk)
  const changing = hunks.filter(({ hunk }) => hunk.lines.some((line) => line.sign !== ' '))
  const page = pageOf(path, text)
  const founds = changing.map(({ hunk, section }) => {
    const found = findHunk(page, hunk, effort)
    if (effort.left < 0) throw tooMuch(path)
    return { section, found }
  })
  const lost = founds.findIndex(({ found }) => found.fits.length === 0)
  if (lost > 0) {
    const rest = editInTurn(path, text, changing, lost, effort)
    if (rest !== null) return rest
  }
  const failed = founds[lost]
  if (failed !== undefined) throw whyNot(page, failed.found)
  return applyFits(page, text, choose(page, founds))
}

/** Later hunks may be written against what earlier ones make of the file. Null when they do not fit that either. */
function editInTurn(path: string, text: Text, hunks: readonly Placed[], from: number, effort: Effort): Edited | null {
  try {
    const first = editFile(path, text, hunks.slice(0, from), effort)
    const between = readText(first.bytes)
    if (between === null) return null
    const second = editFile(path, between, hunks.slice(from), effort)
    return { bytes: second.bytes, notes: [...first.notes, ...second.notes, 'a later hunk builds on an earlier one'] }
  } catch (error) {
    if (error instanceof Refuse) return null
    throw error
  }
}

function tooMuch(path: string): Refuse {
  return new Refuse(
    'ambiguous',
    'The reply takes too long to place; send fewer and smaller hunks with distinct context.',
    path,
  )
}

function guardHunk(path: string, text: Text, hunk: DraftHunk): void {
  if (hunk.lines.length > MAX_OLD_LINES && hunk.lines.filter((line) => line.sign !== '+').length > MAX_OLD_LINES)
    throw new Refuse('format', `A hunk quotes more than ${MAX_OLD_LINES} lines of ${path}; send smaller ones.`, path)
  const young = hunk.lines.slice(0, hunk.cuts.at(-1)).filter((line) => line.sign !== '-')
  const elided = elidedLine(
    young.map((line) => line.text),
    text.lines,
    path,
  )
  if (elided !== null) throw elision(elided, path)
  if (hasConflictMarkers(hunk.lines.filter((line) => line.sign === '+').map((line) => line.text)))
    throw new Refuse('conflict-markers', 'The added lines hold the marks of an unfinished merge.', path)
}

interface Chosen {
  readonly found: Found
  readonly fit: Fit
}

function choose(page: Page, founds: readonly { section: number; found: Found }[]): Chosen[] {
  const sections = [...new Set(founds.map(({ section }) => section))]
  return sections.flatMap((section) => {
    const own = founds.filter((entry) => entry.section === section).map(({ found }) => found)
    const choice = chooseFits(own)
    if ('undecided' in choice) throw ambiguous(page, choice.undecided)
    return own.flatMap((found, n) => {
      const fit = choice.chosen[n]
      return fit === undefined ? [] : [{ found, fit }]
    })
  })
}

function ambiguous(page: Page, found: Found): Refuse {
  const candidates = candidatesOf(page, found)
  const places =
    candidates.length > 1
      ? `lines ${candidates.map(({ line }) => line).join(', ')}`
      : `line ${candidates[0]?.line}, in more than one way`
  return new Refuse(
    'ambiguous',
    `A hunk fits ${page.path} at ${places}; add context that only one place has.`,
    page.path,
    { candidates },
  )
}

function applyFits(page: Page, text: Text, chosen: readonly Chosen[]): Edited {
  const all: Splice[] = chosen.flatMap(({ fit }) => fit.edits)
  const edits = mergeEdits(all)
  if (edits === null)
    throw new Refuse(
      'conflict',
      `Two hunks change the same lines of ${page.path} in two ways; send one of them.`,
      page.path,
    )
  const finals = chosen.map(({ found, fit }) => finalNewlineOf(found.lines, text, fit.last >= text.lines.length - 1))
  refuseStrangeTabs(page, edits)
  const bytes = editText(text, edits, finals.find((final) => final !== null) ?? null)
  if (bytes === null)
    throw new Refuse('format', `${page.path} is not UTF-8 and cannot hold a character that the change adds.`, page.path)
  const notes = chosen
    .filter(({ fit }) => fit.note !== '')
    .map(({ fit }) => `${page.path}:${fit.first + 1}: ${fit.note}`)
  return { bytes, notes }
}

/** Where blanks are grammar, the first tab of a file is hardly meant, and nothing says how many blanks it stands for. */
function refuseStrangeTabs(page: Page, edits: readonly Splice[]): void {
  if (!/\.(pyi?|ya?ml)$/i.test(page.path) || [...page.leads].some((lead) => lead.includes('\t'))) return
  const tabbed = edits.flatMap((edit) => edit.added).find((line) => /^ *\t/.test(line) && !isBlank(line))
  if (tabbed !== undefined)
    throw new Refuse(
      'ambiguous',
      `The added line ${JSON.stringify(tabbed)} is indented with tabs, and ${page.path} has none; use blanks.`,
      page.path,
    )
}

function whyNot(page: Page, found: Found): Refuse {
  const { path } = page
  const old = found.lines.filter((line) => line.sign !== '+' && !isBlank(line.text))
  if (old.length === 0)
    return new Refuse(
      'unanchored',
      `A hunk for ${path} has no line of the file in it; add the lines around the change.`,
      path,
    )
  const left = old.find(
    (line) => isElision(line.text) && !page.text.lines.some((have) => have.trim() === line.text.trim()),
  )
  if (left !== undefined) return elision(left.text, path)
  if (found.weak)
    return new Refuse(
      'unanchored',
      `A hunk for ${path} has too little of the file in it to tell its place; add context.`,
      path,
    )
  const difference = firstDifference(page, found.lines)
  if (difference === null) {
    const line = old[0]?.text.trim() ?? ''
    return new Refuse(
      'no-match',
      `No line of a hunk is in ${path}; it starts with ${JSON.stringify(line.slice(0, 120))}.`,
      path,
    )
  }
  const stands =
    difference.fileText === null
      ? 'the file ends before it'
      : `line ${difference.fileLine} is ${JSON.stringify(difference.fileText.slice(0, 120))}`
  const message = `A hunk does not fit ${path}: it has ${JSON.stringify(difference.patchText.slice(0, 120))} where ${stands}.`
  return new Refuse('no-match', message, path, {
    firstDifference: difference,
    candidates: [{ path, line: difference.fileLine }],
  })
}
