import * as z from 'zod'
import type { Spectrum } from '../../../model/trace.ts'
import type { Tracer, TrackedFiles } from '../../../ports/tracer.ts'
import { sourceMapSegments } from './source-map.ts'
import type { ExecutedLines } from './spectra.ts'

/** The functions of a script with their ranges, as V8's profiler counts them. */
export const Functions = z.array(
  z.object({
    functionName: z.string().default(''),
    ranges: z.array(z.object({ startOffset: z.int(), endOffset: z.int(), count: z.number() })).min(1),
  }),
)
const Script = z.object({ url: z.string(), functions: Functions })
const SourceMap = z.object({
  lineLengths: z.array(z.int()),
  data: z.object({ mappings: z.string(), sources: z.array(z.string().nullable()) }).nullable(),
})
/** https://nodejs.org/api/cli.html#node_v8_coveragedir; the profiler's types are V8's own. */
const Coverage = z.object({
  result: z.array(z.looseObject({ url: z.string() })),
  'source-map-cache': z.record(z.string(), z.unknown()).default({}),
})
const LARGEST = 4 * 1024 * 1024

/** One spectrum for each process: node:test and ava run each test file in its own process. */
export const readV8: Tracer['read'] = async (reports, tracked, { root }) => {
  const files = [...reports].filter(([name]) => /^coverage-.*\.json$/.test(name))
  if (files.length === 0) return null
  const spectra = new Map<string, ExecutedLines>()
  const loaded = new Set<string>()
  for (const [name, bytes] of files) {
    // A process that seemed to hang may have two reports.
    const [, pid, thread] = /^coverage-(\d+)-\d+-(\d+)\.json$/.exec(name) ?? []
    const process = pid === undefined ? name : `${pid}-${thread}`
    const lines = spectra.get(process) ?? (new Map() as ExecutedLines)
    spectra.set(process, lines)
    for (const { script, map, path } of scriptsOf(bytes, tracked, root) ?? []) {
      if (map?.data) addMapped(lines, script, map, root, tracked)
      else if (path !== null && tracked.has(path)) addPlain(lines, path, script, (await tracked.text(path)) ?? '')
      if (path !== null && tracked.has(path)) loaded.add(path)
    }
  }
  const ran = [...spectra.values()].filter(({ size }) => size > 0)
  return {
    spectra: ran.map((lines): Spectrum => ({ test: null, failed: true, lines })),
    loaded: [...loaded],
    before: new Map(),
    reads: [],
    calledByRunner: [],
    frames: [],
  }
}

export interface CoveredScript {
  readonly script: z.infer<typeof Script>
  readonly map: z.infer<typeof SourceMap> | null
  readonly path: string | null
}

/**
 * The scripts that can be of tracked files. The others, those of Node and of packages, are most of a report, and are not read.
 * Null for a report that is not one: it was cut short by the end of its process.
 */
export function scriptsOf(bytes: Uint8Array, tracked: TrackedFiles, root: string): CoveredScript[] | null {
  try {
    const { result, 'source-map-cache': maps } = Coverage.parse(JSON.parse(new TextDecoder().decode(bytes)))
    return result.flatMap((script) => {
      const path = pathOf(script.url, root)
      const map = Object.hasOwn(maps, script.url) ? SourceMap.parse(maps[script.url]) : null
      if (map === null && (path === null || !tracked.has(path))) return []
      return [{ script: Script.parse(script), map, path }]
    })
  } catch {
    return null
  }
}

/** The path of a file of the work tree; null: it is none. */
export function pathOf(url: string, root: string): string | null {
  if (!url.startsWith('file://')) return null
  const path = decodeURIComponent(url.slice('file://'.length).replace(/[?#].*$/, ''))
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null
}

/** Adds the lines of functions that ran; `text` is the one that V8 compiled. */
export function addPlain(into: ExecutedLines, path: string, script: z.infer<typeof Script>, text: string): void {
  const ran = paint(script, text.length)
  const lines = new Set<number>()
  let line = 1
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 10) line++
    else if (ran[at] === IN_FUNCTION && char > 32) lines.add(line)
  }
  if (lines.size > 0) into.set(path, new Set([...(into.get(path) ?? []), ...lines]))
}

/** The same for a text that was made from others, by its source map. */
export function addMapped(
  into: ExecutedLines,
  script: z.infer<typeof Script>,
  { lineLengths, data }: z.infer<typeof SourceMap>,
  root: string,
  tracked: TrackedFiles,
  wanted: (colour: number | undefined) => boolean = (colour) => colour === IN_FUNCTION,
): void {
  const ran = paint(
    script,
    lineLengths.reduce((sum, length) => sum + length + 1, 0),
  )
  const paths = (data?.sources ?? []).map((source) => (source === null ? null : sourcePath(source, script.url, root)))
  for (const { offset, source, line } of sourceMapSegments(data?.mappings ?? '', lineLengths)) {
    const path = paths[source] ?? null
    if (path === null || !tracked.has(path) || !wanted(ran[offset])) continue
    into.set(path, (into.get(path) ?? new Set<number>()).add(line))
  }
}

function sourcePath(source: string, url: string, root: string): string | null {
  try {
    return pathOf(new URL(source, url).href, root)
  } catch {
    return null
  }
}

const IN_FUNCTION = 2
const OUTSIDE = 1

/** What ran, for each character. Ranges are nested, and the inner range counts. */
function paint({ functions }: z.infer<typeof Script>, length: number): Uint8Array {
  const painted = new Uint8Array(Math.min(length, LARGEST))
  const ranges = functions.flatMap(({ functionName, ranges: own }, at) =>
    own.map(({ startOffset, endOffset, count }) => ({
      startOffset,
      endOffset,
      // V8 lists the whole script first, if it ran since the counts were taken.
      colour: count === 0 ? 0 : at === 0 && functionName === '' && own[0]?.startOffset === 0 ? OUTSIDE : IN_FUNCTION,
    })),
  )
  ranges.sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset))
  for (const { startOffset, endOffset, colour } of ranges) painted.fill(colour, startOffset, endOffset)
  return painted
}
