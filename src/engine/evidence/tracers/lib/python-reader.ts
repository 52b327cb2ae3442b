import type { FileRead, Spectrum, Trace } from '../../../model/trace.ts'
import type { Tracer, TrackedFiles } from '../../../ports/tracer.ts'
import { addLines, type ExecutedLines, mergeSpectra } from './spectra.ts'

interface TracedProcess {
  readonly files: Map<string, string>
  readonly loaded: Set<string>
  readonly reads: FileRead[]
  readonly calledByRunner: Set<string>
  /** What ran before the tests, while their files were loaded. */
  readonly before: ExecutedLines
  readonly tests: { readonly test: string; readonly failed: boolean; readonly lines: ExecutedLines }[]
}

/** Reads the files that pp_trace.py writes: py-PID.tests, py-PID.live and py-PID.stack. */
export const readPython: Tracer['read'] = async (reports, tracked, { root }) => {
  const text = (name: string) => new TextDecoder().decode(reports.get(name) ?? new Uint8Array())
  const pids = [...reports.keys()].flatMap((name) => /^py-(\d+)\.tests$/.exec(name)?.[1] ?? [])
  const finished: Spectrum[] = []
  const unfinished: Spectrum[] = []
  const outside: Spectrum[] = []
  const loaded = new Set<string>()
  const calledByRunner = new Set<string>()
  const reads: FileRead[] = []
  const before: ExecutedLines = new Map()
  for (const pid of pids) {
    const process = readTests(text(`py-${pid}.tests`), tracked)
    const live = readLive(text(`py-${pid}.live`), process)
    finished.push(...process.tests)
    addLines(before, process.before)
    if (live.lines.size > 0) (live.test === null ? outside : unfinished).push({ ...live, failed: true })
    for (const path of process.loaded) loaded.add(path)
    for (const path of process.calledByRunner) calledByRunner.add(path)
    reads.push(...process.reads)
  }
  if (pids.length === 0) return null
  const known = new Set(finished.map(({ test }) => test))
  // Child processes of a test report no outcome; it is that of their test. A test that no process finished is where the run
  // ended.
  const children = unfinished.filter(({ test }) => known.has(test))
  const broken = unfinished.filter(({ test }) => !known.has(test))
  const tests = mergeSpectra([...finished, ...children.map((one) => ({ ...one, failed: false })), ...broken])
  return {
    spectra: tests.length > 0 ? tests : mergeSpectra(outside),
    loaded: [...loaded],
    before,
    reads,
    calledByRunner: [...calledByRunner],
    frames: [...reports.keys()]
      .filter((name) => /^py-\d+\.stack$/.test(name))
      .flatMap((name) => framesOf(text(name), root, tracked)),
  }
}

function readTests(text: string, tracked: TrackedFiles): TracedProcess {
  const process: TracedProcess = {
    ...{ files: new Map(), loaded: new Set(), before: new Map(), tests: [] },
    ...{ reads: [], calledByRunner: new Set() },
  }
  for (const line of text.split('\n')) {
    const file = /^F (\d+) (.+)$/.exec(line)
    if (file?.[1] && file[2] && tracked.has(file[2])) process.files.set(file[1], file[2])
    const path = process.files.get(/^M (\d+)$/.exec(line)?.[1] ?? '')
    if (path !== undefined) process.loaded.add(path)
    const called = process.files.get(/^C (\d+)$/.exec(line)?.[1] ?? '')
    if (called !== undefined) process.calledByRunner.add(called)
    const [, reader = '', read = ''] = /^R (\d+) (.+)$/.exec(line) ?? []
    const by = process.files.get(reader)
    if (by !== undefined) process.reads.push({ path: read, by })
    const [, outcome, test = '', ran = ''] = /^T (passed|failed|loaded) (.*)\t(.*)$/.exec(line) ?? []
    if (outcome === 'loaded') addLines(process.before, linesOf(ran, process.files))
    else if (outcome) process.tests.push({ test, failed: outcome === 'failed', lines: linesOf(ran, process.files) })
  }
  return process
}

/** '0:3-5,9 2:7' → the lines of each file. */
export function linesOf(text: string, files: ReadonlyMap<string, string>): ExecutedLines {
  const lines = new Map<string, Set<number>>()
  for (const part of text.split(' ')) {
    const [file = '', spans = ''] = part.split(':')
    const path = files.get(file)
    if (path === undefined) continue
    const numbers = spans.split(',').flatMap((span) => {
      const [from = 0, to = from] = span.split('-').map(Number)
      return to - from > 100_000 ? [] : Array.from({ length: to - from + 1 }, (_, at) => from + at)
    })
    lines.set(path, new Set(numbers))
  }
  return lines
}

function readLive(
  text: string,
  { files }: TracedProcess,
): { readonly test: string | null; readonly lines: ExecutedLines } {
  const lines = new Map<string, Set<number>>()
  for (const [, file = '', line = ''] of text.matchAll(/^(\d+) (\d+)$/gm)) {
    const path = files.get(file)
    if (path === undefined) continue
    const known = lines.get(path) ?? new Set()
    lines.set(path, known.add(Number(line)))
  }
  return { test: /^T (.*)$/m.exec(text)?.[1] ?? null, lines }
}

/** faulthandler prints the running thread first, with its innermost call first. */
function framesOf(text: string, root: string, tracked: TrackedFiles): Trace['frames'] {
  return [...text.matchAll(/^ {2}File "(.+)", line (\d+) in /gm)].flatMap(([, file = '', line]) => {
    const path = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file
    return tracked.has(path) ? [{ path, line: Number(line) }] : []
  })
}
