import type { Validator } from '../../ports/validator.ts'
import { PP_IMPORTS, siteCustomize, userCustomize } from '../lib/python-imports.ts'
import { PP_BEHAVIOUR } from './lib/python-behaviour.ts'
import { PP_FORK } from './lib/python-fork.ts'
import { PP_SCRIPT } from './lib/python-script.ts'
import { PP_SERVE } from './lib/python-serve.ts'
import { PP_PYTEST_VALIDATE, PP_UNITTEST_VALIDATE } from './lib/python-suites.ts'
import { PP_SWAP } from './lib/python-swap.ts'
import { PP_TREE } from './lib/python-tree.ts'
import { PP_VALIDATE } from './lib/python-validate.ts'

/**
 * pytest and unittest in Python 3.6 and later: each candidate is swapped into a fork of the process that has collected the
 * tests. Scripts without a runner: each fork runs the whole script. `python -I` and `-E` ignore the environment, and so it is not met there.
 */
export default {
  kind: 'python',
  validates: (path) => path.endsWith('.py'),
  files() {
    const encoder = new TextEncoder()
    const sources = {
      'sitecustomize.py': siteCustomize('pp_validate'),
      ...userCustomize('pp_validate'),
      'pp_imports.py': PP_IMPORTS,
      'pp_validate.py': PP_VALIDATE,
      'pp_serve.py': PP_SERVE,
      'pp_script.py': PP_SCRIPT,
      'pp_behaviour.py': PP_BEHAVIOUR,
      'pp_fork.py': PP_FORK,
      'pp_swap.py': PP_SWAP,
      'pp_tree.py': PP_TREE,
      'pp_pytest.py': PP_PYTEST_VALIDATE,
      'pp_unittest.py': PP_UNITTEST_VALIDATE,
    }
    return new Map(Object.entries(sources).map(([name, text]) => [name, encoder.encode(text)]))
  },
  env({ reports, root, env }) {
    const own = (name: string) => env[name] ?? ''
    return {
      PP_VALIDATE: '1',
      PP_ROOT: root,
      PP_OWN_PYTHONUSERBASE: own('PYTHONUSERBASE'),
      PYTHONUSERBASE: reports,
      PP_OWN_PYTHONPATH: own('PYTHONPATH'),
      PP_OWN_PYTEST_ADDOPTS: own('PYTEST_ADDOPTS'),
      PYTHONPATH: own('PYTHONPATH') ? `${reports}:${own('PYTHONPATH')}` : reports,
      PYTEST_ADDOPTS: `${own('PYTEST_ADDOPTS')} -p pp_pytest`.trim(),
    }
  },
} satisfies Validator
