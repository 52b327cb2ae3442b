import type { ToldFailure } from './failure-summary.ts'
import { textLines } from './lines.ts'

/** More rows of one file say no more about the failure. */
const MOST_ROWS = 3
/** In characters: a shorter word stands in too many rows to tell them apart. */
const TELLING = 3
/** A word that stands in more lines than this tells nothing. */
const COMMON = 3

/**
 * The lines of a file, 1-based, that hold the failing cases of a table: those that hold all values of the id of a case, else those
 * with a word of an id or of a message that hardly any other line has. `outside`: the lines that may be looked at.
 */
export function caseRows(
  text: string,
  failures: readonly ToldFailure[],
  outside: (line: number) => boolean = () => true,
): readonly number[] {
  const rows = textLines(text).map((line) => new Set(wordsOf(line)))
  const found = new Set<number>()
  for (const failure of failures) {
    const values = valuesOf(failure.id)
    const all = values.length < 2 ? [] : linesWhere(rows, (row) => values.every((value) => row.has(value)), outside)
    const telling = all.length > 0 ? all : rareLines(rows, values, outside)
    for (const line of telling.slice(0, MOST_ROWS)) found.add(line)
  }
  if (found.size === 0)
    for (const { message = '' } of failures)
      for (const line of rareLines(rows, wordsOf(message), outside).slice(0, MOST_ROWS)) found.add(line)
  return [...found].sort((a, b) => a - b).slice(0, MOST_ROWS)
}

function linesWhere(
  rows: readonly ReadonlySet<string>[],
  holds: (row: ReadonlySet<string>) => boolean,
  outside: (line: number) => boolean,
): number[] {
  return rows.flatMap((row, at) => (holds(row) && outside(at + 1) ? [at + 1] : []))
}

/** The lines with the most of those words that hardly any line has. */
function rareLines(
  rows: readonly ReadonlySet<string>[],
  words: readonly string[],
  outside: (line: number) => boolean,
): readonly number[] {
  const scores = new Map<number, number>()
  for (const word of new Set(words)) {
    if (word.length < TELLING) continue
    const lines = linesWhere(rows, (row) => row.has(word), outside)
    if (lines.length <= COMMON) for (const line of lines) scores.set(line, (scores.get(line) ?? 0) + 1 / lines.length)
  }
  const best = Math.max(0, ...scores.values())
  return [...scores].filter(([, score]) => score === best).map(([line]) => line)
}

/** `test_add[2-3]` → 2, 3; `adds 2 and "x y"` → 2, x, y, and the words of the title, which are rarer where they are values. */
function valuesOf(id: string): readonly string[] {
  const bracket = /\[(.*)\]\s*$/s.exec(id)?.[1]
  return wordsOf(bracket ?? id.split(/::| > | › /).at(-1) ?? id)
}

/** Words and numbers, as tables and the ids of cases spell them. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*/gu) ?? []
}
