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

/** One spectrum for each test of a process (see node-tests.ts); null: no runner was met that tells them apart. */
export const readV8Tests: NonNullable<Tracer['tests']>['read'] = async (reports, tracked, { root }) => {
  const spectra: Spectrum[] = []
  const before: ExecutedLines = new Map()
  const loaded = new Set<string>()
  for (const [name, bytes] of reports) {
    if (!/^pp-tests-\d+-\d+\.jsonl$/.test(name)) continue
    const scripts = new Map<string, z.infer<typeof ScriptLine>>()
    for (const line of new TextDecoder().decode(bytes).split('\n')) {
      const value = parsed(line)
      const script = ScriptLine.safeParse(value)
      if (script.success) scripts.set(script.data.script, script.data)
      const test = TestLine.safeParse(value)
      if (!test.success) continue
      const lines = linesOf(test.data, scripts, tracked, root)
      if (test.data.test === null) {
        addLines(before, lines)
        for (const path of lines.keys()) loaded.add(path)
      } else spectra.push({ test: test.data.test.join(' > '), failed: test.data.outcome === 'failed', lines })
    }
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
