import type { Tracer } from '../../ports/tracer.ts'
import { PP_READS, readsOf, withRequired } from './lib/node-reads.ts'
import { readV8 } from './lib/v8-coverage.ts'

const READS = 'pp-reads.cjs'

/**
 * Traces Node with V8's own counts, for each process and not for each test. A process that is killed leaves no counts. For
 * runners that load modules through vm (jest, older vitest), files cannot be distinguished.
 */
export default {
  kind: 'node',
  traces: (path) => /\.[cm]?[jt]sx?$/.test(path),
  files: () => new Map([[READS, new TextEncoder().encode(PP_READS)]]),
  env: ({ reports, root, env }) => ({
    NODE_V8_COVERAGE: reports,
    NODE_OPTIONS: withRequired(env['NODE_OPTIONS'], `${reports}/${READS}`),
    PP_ROOT: root,
  }),
  async read(reports, tracked, run) {
    const trace = await readV8(reports, tracked, run)
    return trace && { ...trace, reads: readsOf(reports) }
  },
} satisfies Tracer
