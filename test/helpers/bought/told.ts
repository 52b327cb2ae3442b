import { BUGGY, type Case, MENDED, PYTEST, TESTS, TOUCHED } from './case.ts'
import { NODE_CALC } from './node.ts'

const wants = (sum: number) => `import pytest\n\n\n@pytest.fixture\ndef want():\n    return ${sum}\n`
const ASKS = 'from calc import add\n\n\ndef test_add(want):\n    assert add(2, 3) == want\n'
const NODE_ASKS =
  "const { add } = require('./calc.js')\nconst test = require('node:test')\n\ntest('adds', () => require('node:assert').strictEqual(add(2, 3), globalThis.want))\n"
const node = { ...NODE_CALC, 'calc.test.js': NODE_ASKS, 'setup.cjs': 'globalThis.want = 5\n' }
const weakSetup = { 'calc.js': `${String(NODE_CALC['calc.js'])}// touched\n`, 'setup.cjs': 'globalThis.want = -1\n' }
const weakPlugin = { ...TOUCHED, 'support.py': wants(-1) }
const check = (sum: number) => `from calc import add\n\nassert add(2, 3) == ${sum}\n`
const shell = (sum: number) => `[ "$(python3 -c 'import calc; print(calc.add(2, 3))')" = ${sum} ]\n`
const changed = { verdict: 'TESTS_CHANGED' }

/** Files that decide because the command, its variables, its runner or the configuration of the runner names them. */
export const TOLD: readonly Case[] = [
  {
    name: 'the script that the command names expects something else',
    base: { 'test_calc.py': null, 'check.py': check(5) },
    command: 'python3 check.py',
    change: { 'check.py': check(-1) },
    ...changed,
  },
  {
    name: 'the shell script behind a makefile expects something else',
    base: { 'test_calc.py': null, 'ask.sh': shell(5), Makefile: 'check:\n\tsh ask.sh\n' },
    command: 'make check',
    change: { ...TOUCHED, 'ask.sh': shell(-1) },
    needs: ['make'],
    ...changed,
  },
  {
    name: 'the script of node that the command names expects something else',
    base: {
      ...NODE_CALC,
      'calc.test.js': null,
      'ask.mjs': "import { add } from './calc.js'\nif (add(2, 3) !== 5) throw 1\n",
    },
    command: 'node ask.mjs',
    change: { 'ask.mjs': "import { add } from './calc.js'\nif (add(2, 3) !== -1) throw 1\n" },
    ...changed,
  },
  {
    name: 'the file of the failing test, which has no name of a test, expects something else',
    base: { 'test_calc.py': null, 'check_calc.py': TESTS },
    command: `${PYTEST} check_calc.py`,
    change: { ...TOUCHED, 'check_calc.py': TESTS.replace('== 5', '== -1') },
    ...changed,
  },
  {
    name: 'a file of any name that node --test is given expects something else',
    base: {
      ...NODE_CALC,
      'calc.test.js': null,
      'proofs/sums.js': String(NODE_CALC['calc.test.js']).replace('./', '../'),
    },
    command: 'node --test proofs/sums.js',
    change: {
      'calc.js': `${String(NODE_CALC['calc.js'])}// touched\n`,
      'proofs/sums.js': String(NODE_CALC['calc.test.js']).replace('./', '../').replace('3), 5', '3), -1'),
    },
    ...changed,
  },
  {
    name: 'a plugin that conftest.py names gives another fixture',
    base: { 'conftest.py': 'pytest_plugins = ["support"]\n', 'support.py': wants(5), 'test_calc.py': ASKS },
    change: weakPlugin,
    ...changed,
  },
  {
    name: 'a plugin that pytest.ini names gives another fixture',
    base: {
      'pytest.ini': '[pytest]\naddopts = -p support\npythonpath = .\n',
      'support.py': wants(5),
      'test_calc.py': ASKS,
    },
    change: weakPlugin,
    ...changed,
  },
  {
    name: 'a plugin that PYTEST_ADDOPTS names gives another fixture',
    base: { 'support.py': wants(5), 'test_calc.py': ASKS },
    command: `PYTHONPATH=. PYTEST_ADDOPTS="-p support" ${PYTEST}`,
    change: weakPlugin,
    ...changed,
  },
  {
    name: 'a plugin that PYTEST_PLUGINS names gives another fixture',
    base: { 'support.py': wants(5), 'test_calc.py': ASKS },
    command: `export PYTHONPATH=. PYTEST_PLUGINS=support; ${PYTEST}`,
    change: weakPlugin,
    ...changed,
  },
  {
    name: 'a file that NODE_OPTIONS loads expects something else',
    base: node,
    command: 'NODE_OPTIONS="--require ./setup.cjs" node --test',
    change: weakSetup,
    ...changed,
  },
  {
    name: 'a file that a package script loads expects something else',
    base: { ...node, 'package.json': '{"scripts": {"test": "node --require ./setup.cjs --test"}}\n' },
    command: 'npm test --silent',
    change: weakSetup,
    ...changed,
  },
  {
    name: 'a file of setupFiles of jest expects something else',
    base: { ...node, 'jest.config.js': 'module.exports = { setupFiles: ["./setup.cjs"] }\n' },
    command: 'jest',
    change: weakSetup,
    needs: ['jest'],
    ...changed,
  },
  ...separate(
    'a test of pytest',
    `${PYTEST} test_accept.py`,
    'test_accept.py',
    (twice) => `from calc import double\n\n\ndef test_double():\n    assert double(4) == ${twice}\n`,
  ),
  ...separate(
    'a script of the shell',
    'sh accept.sh',
    'accept.sh',
    (twice) => `[ "$(python3 -c 'import calc; print(calc.double(4))')" = ${twice} ]\n`,
  ),
  ...separate(
    'what its output is compared with',
    'python3 -c "import calc; print(calc.double(4))" | diff - wanted',
    'wanted',
    (twice) => `${twice}\n`,
  ),
]

/** A fix of what the target asks for, and a separate command that asks for less than before. */
function separate(name: string, command: string, file: string, asks: (twice: number) => string): readonly Case[] {
  const also = JSON.stringify([{ name: 'accept', cmd: command }])
  const base = {
    'calc.py': BUGGY.replace('a * 2', 'a * 3'),
    'test_calc.py': 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n',
    [file]: asks(8),
    'pp.yaml': `policy: {verify: {also: ${also}}}\n`,
  }
  const change = { 'calc.py': MENDED.replace('a * 2', 'a * 3'), [file]: asks(12) }
  return [
    {
      name: `a separate command is told to ask for less: ${name}`,
      base,
      command: `${PYTEST} test_calc.py`,
      change,
      ...changed,
    },
  ]
}
