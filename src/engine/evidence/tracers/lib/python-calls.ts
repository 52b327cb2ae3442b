import type { Tracer, TrackedFiles } from '../../../ports/tracer.ts'
import { linesOf, readPython } from './python-reader.ts'
import { addLines, type ExecutedLines } from './spectra.ts'

/** Reads a run of which only the calls of tests were traced. Null: no test of pytest or unittest began. */
export const readPythonCalls: NonNullable<Tracer['calls']>['read'] = async (reports, tracked, run) => {
  const trace = await readPython(reports, tracked, run)
  const tests = (trace?.spectra ?? []).filter(({ test }) => test !== null)
  if (tests.length === 0) return null
  const ran: ExecutedLines = new Map()
  for (const { lines } of tests) addLines(ran, lines)
  const runnable: ExecutedLines = new Map()
  for (const [name, bytes] of reports)
    if (/^py-\d+\.tests$/.test(name)) addLines(runnable, runnableIn(new TextDecoder().decode(bytes), tracked))
  return { ran, runnable }
}

/** `F 0 src/a.py` gives a file its number, `E 0:3-5,9` the lines of it that can run. */
function runnableIn(text: string, tracked: TrackedFiles): ExecutedLines {
  const found: ExecutedLines = new Map()
  const files = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, file, path] = /^F (\d+) (.+)$/.exec(line) ?? []
    if (file !== undefined && path !== undefined && tracked.has(path)) files.set(file, path)
    const [, lines] = /^E (\d+:.*)$/.exec(line) ?? []
    if (lines !== undefined) addLines(found, linesOf(lines, files))
  }
  return found
}
