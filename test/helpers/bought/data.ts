import { BUGGY, byDataAlone, type Case, MENDED, needing, PYTEST, TOUCHED, type Tree } from './case.ts'
import { NODE_CALC } from './node.ts'

const changed = { verdict: 'TESTS_CHANGED' }
const reads = (expression: string) =>
  `import json, os\nfrom calc import add\n\n\ndef test_add():\n    assert add(2, 3) == ${expression}\n`
const json = (path: string) => reads(`json.load(open("${path}"))`)
const linked = (link: string, target: string, read: string): Tree => ({
  'test_calc.py': null,
  'shared/deep/want.json': '5\n',
  [link]: { link: target },
  'tests/test_sums.py': json(read),
})
const IN_TESTS = `PYTHONPATH=. ${PYTEST} tests`
const behind = { 'shared/deep/want.json': '-1\n' }
const touchedJs = { 'calc.js': `${String(NODE_CALC['calc.js'])}// touched\n` }

/** Data that tests read, under names and behind links that no convention knows. */
export const DATA: readonly Case[] = [
  {
    name: 'data behind a link to its directory is changed',
    base: linked('tests/data', '../shared', 'tests/data/deep/want.json'),
    command: IN_TESTS,
    change: { ...TOUCHED, ...behind },
    ...changed,
  },
  {
    name: 'data behind a link to the file is changed',
    base: linked('tests/want.json', '../shared/deep/want.json', 'tests/want.json'),
    command: IN_TESTS,
    change: behind,
    ...changed,
  },
  {
    name: 'data behind a link to a link is changed',
    base: { ...linked('tests/data', '../alias/deep', 'tests/data/want.json'), alias: { link: 'shared' } },
    command: IN_TESTS,
    change: { ...TOUCHED, ...behind },
    ...changed,
  },
  {
    name: 'nothing but data that the test reads is changed',
    base: { 'vectors/add.json': '5\n', 'test_calc.py': json('vectors/add.json') },
    change: { 'vectors/add.json': '-1\n' },
    ...changed,
  },
  {
    name: 'nothing but a text that the test of node reads is changed',
    base: {
      ...NODE_CALC,
      'expected/add.txt': '5',
      'calc.test.js':
        "const { add } = require('./calc.js')\nconst { readFileSync } = require('node:fs')\nrequire('node:test')('adds', () => require('node:assert').equal(String(add(2, 3)), readFileSync('expected/add.txt', 'utf8')))\n",
    },
    command: 'node --test',
    change: { 'expected/add.txt': '-1' },
    ...changed,
  },
  {
    name: 'a scenario is changed beside the product',
    base: {
      'sums.feature': 'Given 2 and 3\nThen 5\n',
      'test_calc.py': reads('int(open("sums.feature").read().split("Then ")[1])'),
    },
    change: { ...TOUCHED, 'sums.feature': 'Given 2 and 3\nThen -1\n' },
    ...byDataAlone('sums.feature'),
  },
  {
    name: 'a file of variables is changed beside the product',
    base: {
      ...NODE_CALC,
      'settings.env': 'WANT=5\n',
      'calc.test.js':
        "const { add } = require('./calc.js')\nrequire('node:test')('adds', () => require('node:assert').equal(String(add(2, 3)), process.env.WANT))\n",
    },
    command: 'node --env-file=settings.env --test',
    change: { ...touchedJs, 'settings.env': 'WANT=-1\n' },
    ...byDataAlone('settings.env'),
  },
  {
    name: 'data is added that the test reads if it is there',
    base: { 'test_calc.py': reads('(json.load(open("local.json")) if os.path.exists("local.json") else 5)') },
    change: { ...TOUCHED, 'local.json': '-1\n' },
    ...byDataAlone('local.json'),
  },
  {
    name: 'data that the test reads if it is there is taken away',
    base: {
      'cases.json': '[5]\n',
      'test_calc.py': reads('(json.load(open("cases.json"))[0] if os.path.exists("cases.json") else -1)'),
    },
    change: { ...TOUCHED, 'cases.json': null },
    ...byDataAlone('cases.json'),
  },
  {
    name: 'a module is added that takes the place of an installed one, and product does not name it',
    base: {
      'test_calc.py':
        'import calc\n\ntry:\n    from local_settings import same\nexcept ImportError:\n    def same(a, b):\n        assert a == b\n\n\ndef test_add():\n    same(calc.add(2, 3), 5)\n',
    },
    change: { ...TOUCHED, 'local_settings.py': 'def same(a, b):\n    pass\n' },
    ...needing('local_settings.py'),
  },
  {
    name: 'data that only a separate command reads is changed beside a fix',
    base: {
      'calc.py': BUGGY.replace('a * 2', 'a * 3'),
      'test_calc.py': 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n',
      'test_accept.py':
        'import json\nfrom calc import double\n\n\ndef test_double():\n    assert double(4) == json.load(open("vectors/double.json"))\n',
      'vectors/double.json': '8\n',
      'pp.yaml': `policy: {verify: {also: [{name: accept, cmd: "${PYTEST} test_accept.py"}]}}\n`,
    },
    command: `${PYTEST} test_calc.py`,
    change: { 'calc.py': MENDED.replace('a * 2', 'a * 3'), 'vectors/double.json': '12\n' },
    ...needing('vectors/double.json'),
  },
]
