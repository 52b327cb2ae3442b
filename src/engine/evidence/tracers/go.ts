import type { Spectrum } from '../../model/trace.ts'
import type { Tracer, TrackedFiles } from '../../ports/tracer.ts'
import type { ExecutedLines } from './lib/spectra.ts'

const PROFILE = 'go.cover'

/** Traces `go test` with its own coverage profile, one profile for all packages. A test binary that panics writes none. */
export default {
  kind: 'go',
  traces: (path) => path.endsWith('.go'),
  files: () => new Map(),
  env: ({ reports, env }) => {
    // GOFLAGS may contain flags that a go command does not know; it ignores them.
    // https://pkg.go.dev/cmd/go#hdr-Environment_variables
    const flags = `-coverprofile=${reports}/${PROFILE} -coverpkg=./...`
    return { GOFLAGS: env['GOFLAGS'] ? `${env['GOFLAGS']} ${flags}` : flags }
  },
  async read(reports, tracked) {
    const bytes = reports.get(PROFILE)
    if (bytes === undefined) return null
    const lines: ExecutedLines = new Map()
    const paths = new Map<string, string | null>()
    for (const [, file = '', from, to, count] of new TextDecoder().decode(bytes).matchAll(BLOCK)) {
      if (count === '0') continue
      const path = paths.get(file) ?? trackedTail(file, tracked)
      paths.set(file, path)
      if (path === null) continue
      const known = lines.get(path) ?? new Set<number>()
      lines.set(path, known)
      for (let line = Number(from); line <= Math.min(Number(to), Number(from) + 10_000); line++) known.add(line)
    }
    const spectrum: Spectrum = { test: null, failed: true, lines }
    return {
      spectra: lines.size > 0 ? [spectrum] : [],
      loaded: [],
      before: new Map(),
      reads: [],
      calledByRunner: [],
      frames: [],
    }
  },
} satisfies Tracer

/** import/path/file.go:line.column,line.column statements count */
const BLOCK = /^(\S+):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)$/gm

/**
 * The import path begins with the module's name, which only go.mod contains; the longest end of it that is tracked is the
 * file.
 */
function trackedTail(file: string, tracked: Pick<TrackedFiles, 'has'>): string | null {
  const parts = file.split('/')
  for (let at = 0; at < parts.length; at++) {
    const tail = parts.slice(at).join('/')
    if (tracked.has(tail)) return tail
  }
  return null
}
