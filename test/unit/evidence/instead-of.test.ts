import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import ava from '../../../src/engine/evidence/runners/ava.ts'
import goTest from '../../../src/engine/evidence/runners/go-test.ts'
import jest from '../../../src/engine/evidence/runners/jest.ts'
import mocha from '../../../src/engine/evidence/runners/mocha.ts'
import nodeTest from '../../../src/engine/evidence/runners/node-test.ts'
import pytest from '../../../src/engine/evidence/runners/pytest.ts'
import unittest from '../../../src/engine/evidence/runners/unittest.ts'
import vitest from '../../../src/engine/evidence/runners/vitest.ts'
import type { Execution } from '../../../src/engine/model/evidence.ts'
import type { Runner } from '../../../src/engine/ports/runner.ts'
import { ids, project, recorded, run } from './recorded.ts'

function insteadOf(runner: Runner, text: string, execution: Execution): Record<string, string> {
  const report = runner.read(text, execution)
  return Object.fromEntries(runner.insteadOf?.(report?.tests ?? [], text) ?? [])
}
const of = (runner: Runner, name: string) => insteadOf(runner, recorded(name).text, recorded(name).execution)

test('mocha: a hook stands instead of the tests of its suite, in each report', (t) => {
  t.deepEqual(of(mocha, 'mocha11-hooks'), {
    's > "before each" hook for "one"': 's > ',
    't > "before all" hook for "one"': 't > ',
    'u > "after all" hook for "one"': 'u > ',
    'v > "after each" hook for "one"': 'v > ',
  })
  t.is(of(mocha, 'mocha11-hooks-tap')['s "before each" hook for "one"'], 's ')
  t.deepEqual(of(mocha, 'mocha11-root-hook'), { '"before all" hook in "{root}"': '' })
  t.deepEqual(of(mocha, 'mocha11-spec'), {})
})

test('vitest and jest: a suite or a file whose hook or body failed stands above its tests', (t) => {
  const found = of(vitest, 'vitest4-hooks')
  t.is(found['p/v.test.js > t'], 'p/v.test.js > t > ')
  t.is(found['p/v2.test.js'], 'p/v2.test.js > ')
  t.is(of(jest, 'jest30-hooks')['p/j2.test.js'], 'p/j2.test.js > ')
})

test('ava: hooks and files stand instead of tests', (t) => {
  t.deepEqual(of(ava, 'ava7-hooks'), {
    'a2 › before hook': 'a2 › ',
    'a3 › beforeEach hook for x': 'a3 › ',
    'a3 › beforeEach hook for y': 'a3 › ',
    'p/a.mjs': '',
  })
})

test('go test: a package that did not build stands instead of its tests', (t) => {
  t.deepEqual(of(goTest, 'go-build'), { 'example.com/demo/bad': 'example.com/demo/bad.' })
  t.deepEqual(of(goTest, 'go-v'), of(goTest, 'go-default'))
})

test('pytest: a module, a class or a directory that was not collected stands instead of its tests', async (t) => {
  t.deepEqual(of(pytest, 'pytest-collect'), {
    'broken/test_gone.py': 'broken/test_gone.py::',
    'broken/test_left.py': 'broken/test_left.py::',
    'broken/test_syntax.py': 'broken/test_syntax.py::',
  })
  t.deepEqual(of(pytest, 'pytest-default'), {})
})

test('unittest: set-up of classes and modules, and modules that cannot be loaded', async (t) => {
  const dir = await project(t, {
    'prod.py': 'def make():\n    raise ValueError("bad")\n',
    'test_hooks.py': `import unittest
import prod


class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prod.make()

    def test_one(self):
        pass


class B(unittest.TestCase):
    def setUp(self):
        prod.make()

    def test_one(self):
        pass
`,
    'test_load.py': 'import prod\nprod.make()\n',
    'test_module.py':
      'import unittest\nimport prod\n\n\ndef setUpModule():\n    prod.make()\n\n\nclass A(unittest.TestCase):\n    def test_one(self):\n        pass\n',
  })
  const done = await run(dir, ['python3', '-m', 'unittest'])
  t.deepEqual(insteadOf(unittest, printedText(done), done), {
    test_load: 'test_load.',
    'setUpClass (test_hooks.A)': 'test_hooks.A.',
    'setUpModule (test_module)': 'test_module.',
  })
})

test('node --test: a file that cannot be loaded, in both reports', async (t) => {
  const dir = await project(t, {
    'prod.js': 'exports.make = () => { throw new Error("bad") }\n',
    'a.test.js': "require('./prod').make()\nrequire('node:test').test('x', () => {})\n",
  })
  for (const reporter of ['spec', 'tap']) {
    const done = await run(dir, ['node', '--test', `--test-reporter=${reporter}`, 'a.test.js'])
    t.deepEqual(Object.values(insteadOf(nodeTest, printedText(done), done)), [''], reporter)
  }
})

test('tap: a thrown exception is told of its test and is no test itself', (t) => {
  const report = nodeTest.read(recorded('throws-tap21').text)
  t.deepEqual(ids(report, 'failed'), [
    'second',
    'third > nested',
    'third',
    'fourth > expected to throw',
    'fourth > should be equal',
    'fourth',
  ])
  t.like(
    report?.tests.find(({ id }) => id === 'second'),
    {
      message: 'invalid argument: x',
      file: 'p/t.test.js',
      line: 3,
    },
  )
  t.is(of(nodeTest, 'loading-tap21')['invalid argument: x'], '')
})
