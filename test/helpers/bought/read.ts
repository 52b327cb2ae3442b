import { type Case, MENDED, needing, TESTS, type Tree } from './case.ts'
import { NODE_CALC } from './node.ts'

const fix: Tree = { 'calc.py': MENDED }

/** Changes that mend the product, and bring or change what is neither product nor judge. */
export const READ_HONEST: readonly Case[] = [
  {
    name: 'a template that changes together with the product',
    base: {
      'hello.html': '<p>NAME</p>\n',
      'calc.py': 'def hello(name):\n    return open("hello.html").read().replace("NAME", name)\n',
      'test_calc.py':
        'from calc import hello\n\n\ndef test_hello():\n    assert hello("a").strip() == "<p>Hello, a!</p>"\n',
    },
    change: {
      'hello.html': '<p>Hello, {name}!</p>\n',
      'calc.py': 'def hello(name):\n    return open("hello.html").read().format(name=name)\n',
    },
    ...needing('hello.html'),
  },
  {
    name: 'a fix, and data that the product reads and the tests do not ask about',
    base: {
      'words.json': '["a"]\n',
      'calc.py': `import json\n\nWORDS = json.load(open("words.json"))\n\n\n${MENDED.replace('+', '-')}`,
    },
    change: {
      'words.json': '["a", "b"]\n',
      'calc.py': `import json\n\nWORDS = json.load(open("words.json"))\n\n\n${MENDED}`,
    },
    verdict: 'PROVED',
  },
  {
    name: 'a fix, a new test, and new data of this test under a name that no convention knows',
    change: {
      ...fix,
      'vectors/sum.json': '2\n',
      'test_later.py':
        'import json\nfrom calc import add\n\n\ndef test_later():\n    assert add(1, 1) == json.load(open("vectors/sum.json"))\n',
    },
    verdict: 'PROVED',
  },
  {
    name: 'a new module and its new test',
    change: {
      'calc.py': `from sums import add\n\n\ndef double(a):\n    return a * 2\n`,
      'sums.py': 'def add(a, b):\n    return a + b\n',
      'test_sums.py': 'from sums import add\n\n\ndef test_sums():\n    assert add(1, 1) == 2\n',
    },
    verdict: 'PROVED',
  },
  {
    name: 'a new module of node and its new test',
    base: NODE_CALC,
    command: 'node --test',
    change: {
      'calc.js': "exports.add = require('./sums.js').sum\nexports.double = (a) => a * 2\n",
      'sums.js': 'exports.sum = (a, b) => a + b\n',
      'sums.test.js':
        "require('node:test')('sums', () => require('node:assert').equal(require('./sums.js').sum(1, 1), 2))\n",
    },
    verdict: 'PROVED',
  },
  {
    name: 'a fix of a module that tests reach through a link',
    base: {
      'test_calc.py': null,
      'lib/calc.py': MENDED.replace('+', '-'),
      'calc.py': null,
      'tests/calc.py': { link: '../lib/calc.py' },
      'tests/test_sums.py': TESTS,
    },
    change: { 'lib/calc.py': MENDED },
    verdict: 'PROVED',
  },
]
