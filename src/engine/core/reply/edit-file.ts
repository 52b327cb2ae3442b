import type { Splice } from '../patch/index.ts'
import { type IndexedFile, indexLines, MAX_OLD_LINES, type SearchBudget } from './align-lines.ts'
import { chooseFits } from './choose-fits.ts'
import { editText, finalNewlineOf, mergeEdits } from './edit-text.ts'
import { elidedLine, elisionRefusal, hasConflictMarkers, isElision } from './elisions.ts'
import type { DraftHunk } from './file-draft.ts'
import { findHunk, type HunkFits } from './find-hunk.ts'
import { candidatesOf, firstDifference } from './first-difference.ts'
import type { HunkFit } from './hunk-fit.ts'
import { isBlank } from './loose-keys.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { readText, type TextFile } from './text-file.ts'

export interface EditedFile {
  readonly bytes: Uint8Array
  readonly notes: readonly string[]
}

/** A hunk and the diff that it belongs to; within one diff, hunks are in ascending order. */
export interface HunkOfSection {
  readonly hunk: DraftHunk
  readonly section: number
}

/** The file with all hunks applied. Throws `ReplyRefusal`. Hunks are searched in the original file. */
export function editFile(
  path: string,
  text: TextFile,
  hunks: readonly HunkOfSection[],
  effort: SearchBudget,
): EditedFile {
  for (const { hunk } of hunks) guardHunk(path, text, hunk)
  const changing = hunks.filter(({ hunk }) => hunk.lines.some((line) => line.sign !== ' '))
  const indexedFile = indexLines(path, text)
  const founds = changing.map(({ hunk, section }) => {
    const found = findHunk(indexedFile, hunk, effort)
    if (effort.left < 0) throw tooMuch(path)
    return { section, found }
  })
  const lost = founds.findIndex(({ found }) => found.fits.length === 0)
  if (lost > 0) {
    const rest = editInTurn(path, text, changing, lost, effort)
    if (rest !== null) return rest
  }
  const failed = founds[lost]
  if (failed !== undefined) throw whyNot(indexedFile, failed.found)
  return applyFits(indexedFile, text, choose(indexedFile, founds))
}

/**
 * Applies the hunks one after the other, since later hunks may be written for the result of earlier ones. Null if they do not
 * fit that either.
 */
function editInTurn(
  path: string,
  text: TextFile,
  hunks: readonly HunkOfSection[],
  from: number,
  effort: SearchBudget,
): EditedFile | null {
  try {
    const first = editFile(path, text, hunks.slice(0, from), effort)
    const between = readText(first.bytes)
    if (between === null) return null
    const second = editFile(path, between, hunks.slice(from), effort)
    return { bytes: second.bytes, notes: [...first.notes, ...second.notes, 'a later hunk builds on an earlier one'] }
  } catch (error) {
    if (error instanceof ReplyRefusal) return null
    throw error
  }
}

function tooMuch(path: string): ReplyRefusal {
  return new ReplyRefusal(
    'ambiguous',
    'The reply takes too long to place; send fewer and smaller hunks with distinct context.',
    path,
  )
}

function guardHunk(path: string, text: TextFile, hunk: DraftHunk): void {
  if (hunk.lines.length > MAX_OLD_LINES && hunk.lines.filter((line) => line.sign !== '+').length > MAX_OLD_LINES)
    throw new ReplyRefusal(
      'format',
      `A hunk quotes more than ${MAX_OLD_LINES} lines of ${path}; send smaller ones.`,
      path,
    )
  const young = hunk.lines.slice(0, hunk.cuts.at(-1)).filter((line) => line.sign !== '-')
  const elided = elidedLine(
    young.map((line) => line.text),
    text.lines,
    path,
  )
  if (elided !== null) throw elisionRefusal(elided, path)
  if (hasConflictMarkers(hunk.lines.filter((line) => line.sign === '+').map((line) => line.text)))
    throw new ReplyRefusal('conflict-markers', 'The added lines hold the marks of an unfinished merge.', path)
}

interface ChosenFit {
  readonly found: HunkFits
  readonly fit: HunkFit
}

function choose(indexedFile: IndexedFile, founds: readonly { section: number; found: HunkFits }[]): ChosenFit[] {
  const sections = [...new Set(founds.map(({ section }) => section))]
  return sections.flatMap((section) => {
    const own = founds.filter((entry) => entry.section === section).map(({ found }) => found)
    const choice = chooseFits(own)
    if ('undecided' in choice) throw ambiguous(indexedFile, choice.undecided)
    return own.flatMap((found, n) => {
      const fit = choice.chosen[n]
      return fit === undefined ? [] : [{ found, fit }]
    })
  })
}

function ambiguous(indexedFile: IndexedFile, found: HunkFits): ReplyRefusal {
  const candidates = candidatesOf(indexedFile, found)
  const places =
    candidates.length > 1
      ? `lines ${candidates.map(({ line }) => line).join(', ')}`
      : `line ${candidates[0]?.line}, in more than one way`
  return new ReplyRefusal(
    'ambiguous',
    `A hunk fits ${indexedFile.path} at ${places}; add context that only one place has.`,
    indexedFile.path,
    { candidates },
  )
}

function applyFits(indexedFile: IndexedFile, text: TextFile, chosen: readonly ChosenFit[]): EditedFile {
  const all: Splice[] = chosen.flatMap(({ fit }) => fit.edits)
  const edits = mergeEdits(all)
  if (edits === null)
    throw new ReplyRefusal(
      'conflict',
      `Two hunks change the same lines of ${indexedFile.path} in two ways; send one of them.`,
      indexedFile.path,
    )
  const finals = chosen.map(({ found, fit }) => finalNewlineOf(found.lines, text, fit.last >= text.lines.length - 1))
  refuseStrangeTabs(indexedFile, edits)
  const bytes = editText(text, edits, finals.find((final) => final !== null) ?? null)
  if (bytes === null)
    throw new ReplyRefusal(
      'format',
      `${indexedFile.path} is not UTF-8 and cannot hold a character that the change adds.`,
      indexedFile.path,
    )
  const notes = chosen
    .filter(({ fit }) => fit.note !== '')
    .map(({ fit }) => `${indexedFile.path}:${fit.first + 1}: ${fit.note}`)
  return { bytes, notes }
}

/**
 * Refuses the first tab of a file in a language where indentation matters: it is rarely intended, and it is unknown how many
 * blanks it stands for.
 */
function refuseStrangeTabs(indexedFile: IndexedFile, edits: readonly Splice[]): void {
  if (!/\.(pyi?|ya?ml)$/i.test(indexedFile.path) || [...indexedFile.leads].some((lead) => lead.includes('\t'))) return
  const tabbed = edits.flatMap((edit) => edit.added).find((line) => /^ *\t/.test(line) && !isBlank(line))
  if (tabbed !== undefined)
    throw new ReplyRefusal(
      'ambiguous',
      `The added line ${JSON.stringify(tabbed)} is indented with tabs, and ${indexedFile.path} has none; use blanks.`,
      indexedFile.path,
    )
}

function whyNot(indexedFile: IndexedFile, found: HunkFits): ReplyRefusal {
  const { path } = indexedFile
  const old = found.lines.filter((line) => line.sign !== '+' && !isBlank(line.text))
  if (old.length === 0)
    return new ReplyRefusal(
      'unanchored',
      `A hunk for ${path} has no line of the file in it; add the lines around the change.`,
      path,
    )
  const left = old.find(
    (line) => isElision(line.text) && !indexedFile.text.lines.some((have) => have.trim() === line.text.trim()),
  )
  if (left !== undefined) return elisionRefusal(left.text, path)
  if (found.weak)
    return new ReplyRefusal(
      'unanchored',
      `A hunk for ${path} has too little of the file in it to tell its place; add context.`,
      path,
    )
  const difference = firstDifference(indexedFile, found.lines)
  if (difference === null) {
    const line = old[0]?.text.trim() ?? ''
    return new ReplyRefusal(
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
  return new ReplyRefusal('no-match', message, path, {
    firstDifference: difference,
    candidates: [{ path, line: difference.fileLine }],
  })
}
