import type { Tracer, TrackedFiles } from '../../../ports/tracer.ts'
import { inlineSourceMap } from './source-map.ts'
import { addLines, type ExecutedLines } from './spectra.ts'
import { addMapped, addPlain, scriptsOf } from './v8-coverage.ts'
import { v8TestsIn } from './v8-tests.ts'

/**
 * What ran while tests were called: in processes of node:test after the first test began (see node-calls.ts), in those of other
 * runners from the first test or hook to the last one (see node-tests.ts). Null: no test of a known runner began. Of scripts with a
 * source map, the lines that the map names can run.
 */
export const readV8Calls: NonNullable<Tracer['calls']>['read'] = async (reports, tracked, { root }) => {
  const began = new Set([...reports.keys()].flatMap((name) => /^pp-began-(\d+-\d+)$/.exec(name)?.[1] ?? []))
  const ran: ExecutedLines = new Map()
  const runnable: ExecutedLines = new Map()
  const other = addTests(reports, tracked, root, { ran, runnable })
  if (began.size === 0 && !other) return null
  for (const [name, bytes] of reports) {
    const [, loaded, pid, thread] = /^(loaded-)?coverage-(\d+)-\d+-(\d+)\.json$/.exec(name) ?? []
    if (pid === undefined) continue
    const counts = loaded === undefined && began.has(`${pid}-${thread}`)
    for (const { script, map, path } of scriptsOf(bytes, tracked, root) ?? []) {
      if (map?.data) {
        addMapped(runnable, script, map, root, tracked, () => true)
        if (counts) addMapped(ran, script, map, root, tracked)
      } else if (counts && path !== null && tracked.has(path))
        addPlain(ran, path, script, (await tracked.text(path)) ?? '')
    }
  }
  return { ran, runnable }
}

interface Calls {
  readonly ran: ExecutedLines
  readonly runnable: ExecutedLines
}

/** Whether there are any. */
function addTests(
  reports: ReadonlyMap<string, Uint8Array>,
  tracked: TrackedFiles,
  root: string,
  { ran, runnable }: Calls,
): boolean {
  let any = false
  for (const { test, lines, scripts } of v8TestsIn(reports, tracked, root)) {
    if (test === null) continue
    any = true
    addLines(ran, lines)
    for (const { url, map, text } of scripts) {
      const mapped = map === null ? null : inlineSourceMap(map, text)
      if (mapped) addMapped(runnable, { url, functions: [] }, mapped, root, tracked, () => true)
    }
  }
  return any
}
