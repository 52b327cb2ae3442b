import type { FileRead } from '../../model/trace.ts'
import { caseRows } from './case-rows.ts'
import type { FailureContext } from './failure-context.ts'
import type { FileExcerpts } from './file-excerpts.ts'
import { lineRange, linesAround, textLines } from './lines.ts'

/** In lines: a table that is shown whole. */
const SMALL_TABLE = 25
/** How many lines around a row are shown: its neighbours show the form of the table. */
const NEIGHBOURS = 3
/** How many lines of a table without a known row show its form. */
const FORM = 6

/**
 * Adds what the failing cases consist of, as far as there is room: their rows in the test's own file, outside of the test, and
 * the files that were opened as data near the failure, or the parts of them that hold the case.
 */
export function addTestData(
  shown: FileExcerpts,
  { tests, texts, failures = [], data = [] }: Pick<FailureContext, 'data' | 'failures' | 'tests' | 'texts'>,
): void {
  for (const path of new Set(tests.map((test) => test.path))) {
    if (!shown.paths().includes(path)) continue
    const text = texts.get(path) ?? ''
    for (const row of caseRows(text, parametrised(failures), (line) => !shown.has(path, line)))
      shown.add(path, linesAround(text, row, 1), [row])
  }
  for (const path of data) {
    const text = texts.get(path)
    if (text === undefined) continue
    const rows = caseRows(text, failures)
    const length = textLines(text).length
    if (length <= SMALL_TABLE && shown.add(path, lineRange(1, length), rows)) continue
    for (const row of rows) shown.add(path, linesAround(text, row, NEIGHBOURS), [row])
    if (rows.length === 0) shown.add(path, lineRange(1, FORM), [])
  }
}

/**
 * Which files are shown of those that the traced runs opened: only those that the source of the failing tests names, if it names
 * any; else first what files of failing tests opened, then what other code did. `reads`: in the order of the runs, of all tests.
 */
export function dataOfTests(
  reads: readonly FileRead[],
  { own, source }: { readonly own: ReadonlySet<string>; readonly source: string },
): readonly string[] {
  const ordered = [...reads.filter(({ by }) => own.has(by)), ...reads.filter(({ by }) => !own.has(by))]
  const paths = [...new Set(ordered.map(({ path }) => path))]
  const named = paths.filter((path) => source.includes(path.slice(path.lastIndexOf('/') + 1)))
  return named.length > 0 ? named : paths
}

/** The cases of tables: their ids hold values. */
function parametrised(failures: NonNullable<FailureContext['failures']>): NonNullable<FailureContext['failures']> {
  return failures.filter(({ id }) => /\[.+\]\s*$|\d/.test(id.split(/::| > | › /).at(-1) ?? ''))
}
