import type { Tracer } from '../../ports/tracer.ts'
import { PP_IMPORTS, siteCustomize, userCustomize } from '../lib/python-imports.ts'
import { readPythonCalls } from './lib/python-calls.ts'
import { PP_CALLS, PP_READS } from './lib/python-judges.ts'
import { readPython } from './lib/python-reader.ts'
import { PP_PYTEST, PP_START } from './lib/python-start.ts'
import { PP_TRACE } from './lib/python-trace.ts'

/** The part of the time limit after which the interpreter writes where it is, before the run is ended from outside. */
const BEFORE_THE_END = 0.6

/**
 * Python 3.6 and later; for each test with pytest (also with xdist) and unittest. Where the command sets PYTHONPATH itself, the directory of the user leads there. `python -I` and `-E` ignore the
 * environment.
 */
export default {
  kind: 'python',
  traces: (path) => path.endsWith('.py'),
  files() {
    const encoder = new TextEncoder()
    const sources = {
      'sitecustomize.py': siteCustomize('pp_start'),
      ...userCustomize('pp_start'),
      'pp_imports.py': PP_IMPORTS,
      'pp_start.py': PP_START,
      'pp_calls.py': PP_CALLS,
      'pp_reads.py': PP_READS,
      'pp_trace.py': PP_TRACE,
      'pp_pytest.py': PP_PYTEST,
    }
    return new Map(Object.entries(sources).map(([name, text]) => [name, encoder.encode(text)]))
  },
  env({ reports, root, env, endsAfterMs }) {
    const after = endsAfterMs === null ? {} : { PP_TRACE_AFTER: ((endsAfterMs * BEFORE_THE_END) / 1000).toFixed(2) }
    return {
      PYTHONUSERBASE: reports,
      PP_OWN_PYTHONUSERBASE: env['PYTHONUSERBASE'] ?? '',
      PYTHONPATH: env['PYTHONPATH'] ? `${reports}:${env['PYTHONPATH']}` : reports,
      PYTEST_ADDOPTS: env['PYTEST_ADDOPTS'] ? `${env['PYTEST_ADDOPTS']} -p pp_pytest` : '-p pp_pytest',
      PP_ROOT: root,
      ...after,
    }
  },
  read: readPython,
  calls: { env: () => ({ PP_CALLS_ONLY: '1' }), read: readPythonCalls },
} satisfies Tracer
