import type { Tracer } from '../../ports/tracer.ts'
import { withRequired } from '../lib/node-options.ts'
import { PP_CALLS } from './lib/node-calls.ts'
import { PP_FORMATTING } from './lib/node-formatting.ts'
import { framesOfHangs, PP_HANGS, withFrames } from './lib/node-hangs.ts'
import { PP_LOADER } from './lib/node-loader.ts'
import { PP_READS, readsOf } from './lib/node-reads.ts'
import { PP_RUNNERS } from './lib/node-runners.ts'
import { PP_TESTS } from './lib/node-tests.ts'
import { readV8Calls } from './lib/v8-calls.ts'
import { readV8 } from './lib/v8-coverage.ts'
import { readV8Tests } from './lib/v8-tests.ts'

const READS = 'pp-reads.cjs'
const CALLS = 'pp-calls.cjs'
const TESTS = 'pp-tests.cjs'
const HANGS = 'pp-hangs.cjs'
/** The part of the time limit after which the counts are taken, before the run is ended from outside. */
const BEFORE_THE_END = 0.6
/** How many names a variable holds. */
const MOST_FAILING = 50

/**
 * Traces Node with V8's own counts, for each process and not for each test. Of a run that hung before, the counts are taken while it
 * hangs again; another process that is killed leaves none. For runners that load modules through vm (jest, older vitest), files cannot
 * be distinguished. node-runners.ts knows where tests begin.
 */
export default {
  kind: 'node',
  traces: (path) => /\.[cm]?[jt]sx?$/.test(path),
  files: () =>
    new Map([
      [READS, new TextEncoder().encode(PP_READS)],
      [CALLS, new TextEncoder().encode(PP_CALLS)],
      [TESTS, new TextEncoder().encode(PP_TESTS)],
      ['pp-runners.cjs', new TextEncoder().encode(PP_RUNNERS)],
      ['pp-formatting.cjs', new TextEncoder().encode(PP_FORMATTING)],
      ['pp-loader.mjs', new TextEncoder().encode(PP_LOADER)],
      [HANGS, new TextEncoder().encode(PP_HANGS)],
    ]),
  env({ reports, root, env, endsAfterMs }) {
    const options = withRequired(env['NODE_OPTIONS'], `${reports}/${READS}`)
    const hangs = endsAfterMs === null ? {} : { PP_HANG_AFTER: (endsAfterMs * BEFORE_THE_END).toFixed() }
    return {
      NODE_V8_COVERAGE: reports,
      NODE_OPTIONS: endsAfterMs === null ? options : withRequired(options, `${reports}/${HANGS}`),
      PP_ROOT: root,
      ...hangs,
    }
  },
  async read(reports, tracked, run) {
    const trace = await readV8(reports, tracked, run)
    if (trace === null) return null
    const frames = framesOfHangs(reports, tracked, run.root)
    return { ...trace, spectra: withFrames(trace.spectra, frames), reads: readsOf(reports), frames }
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
