import type { Tracer } from '../../ports/tracer.ts'
import { PP_CALLS } from './lib/node-calls.ts'
import { PP_READS, readsOf, withRequired } from './lib/node-reads.ts'
import { PP_TESTS } from './lib/node-tests.ts'
import { readV8Calls } from './lib/v8-calls.ts'
import { readV8 } from './lib/v8-coverage.ts'
import { readV8Tests } from './lib/v8-tests.ts'

const READS = 'pp-reads.cjs'
const CALLS = 'pp-calls.cjs'
const TESTS = 'pp-tests.cjs'
/** How many names a variable holds. */
const MOST_FAILING = 50

/**
 * Traces Node with V8's own counts, for each process and not for each test. A process that is killed leaves no counts. For
 * runners that load modules through vm (jest, older vitest), files cannot be distinguished. Where tests begin is known for
 * node:test, mocha, jest and tape.
 */
export default {
  kind: 'node',
  traces: (path) => /\.[cm]?[jt]sx?$/.test(path),
  files: () =>
    new Map([
      [READS, new TextEncoder().encode(PP_READS)],
      [CALLS, new TextEncoder().encode(PP_CALLS)],
      [TESTS, new TextEncoder().encode(PP_TESTS)],
    ]),
  env: ({ reports, root, env }) => ({
    NODE_V8_COVERAGE: reports,
    NODE_OPTIONS: withRequired(env['NODE_OPTIONS'], `${reports}/${READS}`),
    PP_ROOT: root,
  }),
  async read(reports, tracked, run) {
    const trace = await readV8(reports, tracked, run)
    return trace && { ...trace, reads: readsOf(reports) }
  },
  tests: {
    env: ({ reports, root, env, failing }) => ({
      NODE_OPTIONS: withRequired(env['NODE_OPTIONS'], `${reports}/${TESTS}`),
      PP_FAILING: failing.slice(0, MOST_FAILING).join('\n'),
      PP_ROOT: root,
    }),
    read: readV8Tests,
  },
  calls: {
    env: ({ reports, env }) => ({
      PP_CALLS_ONLY: '1',
      NODE_OPTIONS:
        [READS, CALLS, TESTS].reduce(
          (options: string | undefined, name) => withRequired(options, `${reports}/${name}`),
          env['NODE_OPTIONS'],
        ) ?? '',
    }),
    read: readV8Calls,
  },
} satisfies Tracer
