import type { Tracer } from '../../ports/tracer.ts'
import { readV8 } from './lib/v8-coverage.ts'

/**
 * Node by V8's own counts, per process and not per test. A process that is killed leaves none, and of runners that load
 * modules through vm (jest, older vitest) the files are not told apart.
 */
export default {
  kind: 'node',
  traces: (path) => /\.[cm]?[jt]sx?$/.test(path),
  files: () => new Map(),
  env: ({ reports }) => ({ NODE_V8_COVERAGE: reports }),
  read: readV8,
} satisfies Tracer
