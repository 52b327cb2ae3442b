import type { Tracer } from '../../ports/tracer.ts'
import { readV8 } from './lib/v8-coverage.ts'

/**
 * Traces Node with V8's own counts, for each process and not for each test. A process that is killed leaves no counts. For
 * runners that load modules through vm (jest, older vitest), files cannot be distinguished.
 */
export default {
  kind: 'node',
  traces: (path) => /\.[cm]?[jt]sx?$/.test(path),
  files: () => new Map(),
  env: ({ reports }) => ({ NODE_V8_COVERAGE: reports }),
  read: readV8,
} satisfies Tracer
