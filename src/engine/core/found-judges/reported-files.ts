import type { Execution, TestReport } from '../../model/evidence.ts'
import { RUNNERS } from '../../model/kinds.generated.ts'
import { printedText } from '../bytes/index.ts'
import { resolveLocations } from '../locations/index.ts'
import { CHECKOUT } from '../redact/index.ts'
import { assertionFilesIn, failedAssertionFiles } from './failed-assertions.ts'
import { trackedFileLookup } from './tracked-files.ts'

/**
 * The tracked files in which, as a runner itself says, a test is. If no runner counts tests, the files whose own
 * assertions failed. A stack frame alone is not enough, because an error in the product does not make its file a test. `cwd`:
 * where the command ran, from the top.
 */
export function reportedFiles(
  execution: Execution,
  tests: TestReport | null,
  cwd: string,
  tracked: readonly string[],
): readonly string[] {
  const output = printedText(execution)
  const failing = (tests?.tests ?? []).filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  const ids = RUNNERS.find(({ kind }) => kind === tests?.runner)?.ids ?? null
  const printedPaths = [
    ...(tests?.tests ?? []).flatMap(({ id }) => fileOf(ids, id)),
    ...assertionFilesIn(output),
    ...(tests === null ? failedAssertionFiles(output) : []),
  ]
  const found = resolveLocations(
    printedPaths.map((path) => ({ path, line: null, column: null, role: 'fail', text: '', stack: null })),
    tracked,
    { root: CHECKOUT, cwd },
  ).map(({ path }) => path)
  const files = trackedFileLookup(tracked)
  const dotted = failing.flatMap(({ id, message }) => (isDoctest(message ?? '') ? [] : moduleOf(id)))
  const modules = ids === 'module.test' ? dotted.flatMap((name) => files.module(name, { cwd, dir: '' })) : []
  return [...new Set([...found, ...modules])]
}

/** The file at the start of an id: 'a/b.py::test', 'a.test.js > suite > test', 'a.js › test'. */
function fileOf(ids: (typeof RUNNERS)[number]['ids'], id: string): string[] {
  if (ids === 'file::test') {
    const [file = '', rest = ''] = id.split('::', 2)
    return isDoctestItem(file, rest) ? [] : [file]
  }
  return ids === 'file › test' ? id.split(/ [>›] /, 1) : []
}

/** pytest calls a doctest by the dotted name of what it documents, or by its file. */
function isDoctestItem(file: string, rest: string): boolean {
  const [name = ''] = rest.split('[', 1)
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '')
  return name.includes('.') || name === stem
}

/** Whether a failure of unittest is that of a doctest. */
function isDoctest(message: string): boolean {
  return /^(?:AssertionError: )?Failed doctest test for /.test(message)
}

/** The module in an id of unittest: 'pkg.mod.Case.test_add', also as 'setUpClass (pkg.mod.Case)'. */
function moduleOf(id: string): string[] {
  const dotted = /^\w+ \(([\w.]+)\)$/.exec(id)?.[1] ?? id
  return dotted.startsWith('__main__.') ? [] : [dotted]
}
