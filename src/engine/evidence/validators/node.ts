import type { Validator } from '../../ports/validator.ts'
import { withRequired } from '../lib/node-options.ts'
import { PP_NODE_BEHAVIOUR } from './lib/node-behaviour.ts'
import { PP_NODE_HOOKS } from './lib/node-hooks.ts'
import { PP_NODE_JEST } from './lib/node-jest.ts'
import { PP_NODE_ORDERS } from './lib/node-orders.ts'
import { PP_NODE_PROCESS } from './lib/node-process.ts'
import { PP_NODE_STATE } from './lib/node-state.ts'
import { PP_NODE_SUPERVISE } from './lib/node-supervise.ts'
import { PP_NODE_TEST, PP_NODE_TEST_MODULE } from './lib/node-test-shim.ts'
import { PP_NODE_VALIDATE } from './lib/node-validate.ts'
import { PP_NODE_VITEST } from './lib/node-vitest.ts'
import { PP_NODE_WORKER } from './lib/node-worker.ts'

const START = 'pp-node-validate.cjs'

/**
 * Programs of Node that run their tests in their own process (plain scripts, node:test, mocha, tape, …): one process runs the main
 * script once for each candidate, which stands in the file meanwhile. Jest and vitest stay loaded, and only run their tests again.
 */
export default {
  kind: 'node',
  validates: (path) => /\.[cm]?[jt]sx?$/.test(path),
  files() {
    const encoder = new TextEncoder()
    const sources = {
      [START]: PP_NODE_VALIDATE,
      'pp-node-supervise.cjs': PP_NODE_SUPERVISE,
      'pp-node-process.cjs': PP_NODE_PROCESS,
      'pp-node-orders.cjs': PP_NODE_ORDERS,
      'pp-node-state.cjs': PP_NODE_STATE,
      'pp-node-worker.cjs': PP_NODE_WORKER,
      'pp-node-jest.cjs': PP_NODE_JEST,
      'pp-node-vitest.mjs': PP_NODE_VITEST,
      'pp-node-behaviour.cjs': PP_NODE_BEHAVIOUR,
      'pp-node-hooks.mjs': PP_NODE_HOOKS,
      'pp-node-test.cjs': PP_NODE_TEST,
      'pp-node-test.mjs': PP_NODE_TEST_MODULE,
    }
    return new Map(Object.entries(sources).map(([name, text]) => [name, encoder.encode(text)]))
  },
  env({ reports, root, env }) {
    return {
      PP_NODE_ROLE: 'supervisor',
      PP_ROOT: root,
      PP_OWN_NODE_OPTIONS: env['NODE_OPTIONS'] ?? '',
      NODE_OPTIONS: withRequired(env['NODE_OPTIONS'], `${reports}/${START}`),
    }
  },
} satisfies Validator
