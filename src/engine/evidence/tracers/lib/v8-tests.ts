import * as z from 'zod'
import type { Spectrum } from '../../../model/trace.ts'
import type { Tracer, TrackedFiles } from '../../../ports/tracer.ts'
import { inlineSourceMap } from './source-map.ts'
import { addLines, type ExecutedLines, mergeSpectra } from './spectra.ts'
import { addMapped, addPlain, Functions, pathOf } from './v8-coverage.ts'

const ScriptLine = z.object({ script: z.string(), url: z.string(), map: z.string().nullable(), text: z.string() })
const TestLine = z.object({
  test: z.array(z.string()).nullable(),
  outcome: z.enum(['passed', 'failed']),
  result: z.array(z.object({ script: z.string(), functions: Functions })),
})
type Scripts = ReadonlyMap<string, z.infer<typeof ScriptLine>>

/** What ran in one test of a process; `test` null: before the first one. `scripts`: those that ran. */
export interface V8Test {
  readonly test: string | null
  readonly failed: boolean
  readonly lines: ExecutedLines
  readonly scripts: readonly z.infer<typeof ScriptLine>[]
}

/** The tests of all processes (see node-tests.ts). */
export function* v8TestsIn(
  reports: ReadonlyMap<string, Uint8Array>,
  tracked: TrackedFiles,
  root: string,
): Generator<V8Test> {
  for (const [name, bytes] of reports) {
    if (!/^pp-tests-\d+-\d+\.jsonl$/.test(name)) continue
    const scripts = new Map<string, z.infer<typeof ScriptLine>>()
    for (const line of new TextDecoder().decode(bytes).split('\n')) {
      const value = parsed(line)
      const script = ScriptLine.safeParse(value)
      if (script.success) scripts.set(script.data.script, script.data)
      const test = TestLine.safeParse(value)
      if (!test.success) continue
      const { test: names, outcome, result } = test.data
      yield {
        test: names?.join(' > ') ?? null,
        failed: outcome === 'failed',
        lines: linesOf(test.data, scripts, tracked, root),
        scripts: result.flatMap((one) => scripts.get(one.script) ?? []),
      }
    }
  }
}

/** One spectrum for each test of a process; null: no runner was met that tells them apart. */
export const readV8Tests: NonNullable<Tracer['tests']>['read'] = async (reports, tracked, { root }) => {
  const spectra: Spectrum[] = []
  const before: ExecutedLines = new Map()
  const loaded = new Set<string>()
  for (const { test, failed, lines } of v8TestsIn(reports, tracked, root)) {
    if (test === null) {
      addLines(before, lines)
      for (const path of lines.keys()) loaded.add(path)
    } else spectra.push({ test, failed, lines })
  }
  if (!spectra.some(({ failed }) => failed)) return null
  return { spectra: mergeSpectra(spectra), loaded: [...loaded], before, reads: [], calledByRunner: [], frames: [] }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // The end of its process cut it short.
    return null
  }
}

function linesOf(
  { result }: z.infer<typeof TestLine>,
  scripts: Scripts,
  tracked: TrackedFiles,
  root: string,
): ExecutedLines {
  const lines: ExecutedLines = new Map()
  for (const { script, functions } of result) {
    const known = scripts.get(script)
    if (!known) continue
    const { url, text, map } = known
    const mapped = map === null ? null : inlineSourceMap(map, text)
    const path = pathOf(url, root)
    if (mapped) addMapped(lines, { url, functions }, mapped, root, tracked)
    else if (path !== null && tracked.has(path)) addPlain(lines, path, { url, functions }, text)
  }
  return lines
}
