import test from 'ava'
import goPlug from '../../../../src/engine/evidence/tracers/go.ts'
import nodePlug from '../../../../src/engine/evidence/tracers/node.ts'
import pythonPlug from '../../../../src/engine/evidence/tracers/python.ts'
import type { Tracer } from '../../../../src/engine/ports/tracer.ts'
import { needing, PYTHON, where } from '../../../helpers/needs.ts'
import { installedRunners } from '../../../helpers/writing/packages.ts'
import { called, traced } from './ground.ts'

const python: Tracer = pythonPlug
const node: Tracer = nodePlug
const go: Tracer = goPlug
const callsOnly = true

const packages = await installedRunners()
const modules = typeof packages === 'string' ? undefined : packages.modules
const own = modules === undefined ? {} : { modules }
const withPackages = where(modules !== undefined, String(packages))

const SHOP = `"""A shop."""
LIMIT = 3


def table():
    return [LIMIT]


TABLE = table()


def total(items):
    """The sum."""
    # of all
    if not items:
        return 0
    return sum(items)
`
const FILES = {
  'shop.py': SHOP,
  'late.py': 'def made():\n    return 2\n\n\nMADE = made()\n\n\ndef twice(x):\n    return 2 * x\n',
  'test_shop.py': `import subprocess, sys, unittest
import shop


class Shop(unittest.TestCase):
    def test_total(self):
        self.assertEqual(shop.total([1, 2]), 3)

    def test_late(self):
        import late
        self.assertEqual(late.twice(late.MADE), 4)

    def test_child(self):
        out = subprocess.run([sys.executable, "-c", "import shop; print(shop.total([]))"], stdout=subprocess.PIPE)
        self.assertEqual(out.stdout.strip(), b"0")
`,
}

test('with unittest, what runs below an import does not count, and every line that can run is known', async (t) => {
  const { calls, output } = await traced(t, python, FILES, [PYTHON, '-m', 'unittest', '-q'], { callsOnly })
  const shop = called(calls, 'shop.py')
  t.deepEqual(shop?.runnable, [1, 2, 5, 6, 9, 12, 15, 16, 17], output)
  t.deepEqual(shop?.ran, [15, 17])
  t.deepEqual(called(calls, 'late.py')?.ran, [9])
})

needing('import pytest')('with pytest, a process that a test starts works for that test', async (t) => {
  const argv = [PYTHON, '-m', 'pytest', '-q', '-p', 'no:cacheprovider']
  const { calls, output } = await traced(t, python, FILES, argv, { callsOnly })
  t.deepEqual(called(calls, 'shop.py')?.ran, [15, 16, 17], output)
  t.deepEqual(called(calls, 'late.py')?.ran, [9])
})

test('where no test of a known runner begins, nothing is told', async (t) => {
  const plain = { ...FILES, 'run.py': 'import shop\nassert shop.total([1]) == 1\n' }
  t.is((await traced(t, python, plain, [PYTHON, 'run.py'], { callsOnly })).calls, null)
  const script = { 'a.cjs': 'exports.one = () => 1\n', 'run.cjs': "require('./a.cjs').one()\n" }
  t.is((await traced(t, node, script, [process.execPath, 'run.cjs'], { callsOnly })).calls, null)
  t.is(go.calls, undefined)
})

const CALC = `function table() {
  return [1]
}
export const TABLE = table()
export function total(items) {
  if (items.length === 0) {
    return 0
  }
  return items.reduce((a, b) => a + b)
}
`

const RUNNERS = {
  mocha: ['node_modules/.bin/mocha', 'a.test.cjs', 'b.test.cjs'],
  'mocha with workers': ['node_modules/.bin/mocha', '--parallel', 'a.test.cjs', 'b.test.cjs'],
  jest: ['node_modules/.bin/jest', '--runInBand', '--testMatch', '**/*.test.cjs'],
  'jest with workers': ['node_modules/.bin/jest', '--maxWorkers=2', '--testMatch', '**/*.test.cjs'],
}
const LOADED =
  'function made() {\n  return 1\n}\nexports.MADE = made()\nexports.total = (a) => {\n  return a + 1\n}\nexports.never = () => {\n  return 2\n}\n'
const SUITE = (name: string) =>
  `const assert = require('node:assert')\nconst { execFileSync } = require('node:child_process')\nconst calc = require('./calc.cjs')\nconst own = require('./${name}.cjs')\ndescribe('${name}', () => {\n  before${name === 'a' ? 'Each' : 'All'}(() => own.ready())\n  it('totals', () => assert.equal(calc.total(own.one()), 2))\n  it('starts a process', () => execFileSync(process.execPath, ['-e', "require('./child.cjs').run()"]))\n})\n`
const READY =
  'function made() {\n  return 3\n}\nexports.MADE = made()\nexports.ready = () => {\n  return 4\n}\nexports.one = () => {\n  return 1\n}\n'

for (const [runner, argv] of Object.entries(RUNNERS))
  withPackages(
    `${runner}: what ran while files were loaded does not count, hooks and processes of tests do`,
    async (t) => {
      const suite = (name: string) =>
        runner.startsWith('mocha') ? SUITE(name).replace('beforeAll', 'before') : SUITE(name)
      const files = {
        ...{ 'calc.cjs': LOADED, 'a.cjs': READY, 'b.cjs': READY, 'package.json': '{}' },
        ...{
          'child.cjs': 'exports.run = () => {\n  return 5\n}\n',
          'a.test.cjs': suite('a'),
          'b.test.cjs': suite('b'),
        },
      }
      const { calls, output } = await traced(t, node, files, argv, { callsOnly, ...own })
      t.deepEqual(called(calls, 'calc.cjs')?.ran, [5, 6, 7], output)
      for (const name of ['a.cjs', 'b.cjs']) t.deepEqual(called(calls, name)?.ran, [5, 6, 7, 8, 9, 10], output)
      t.deepEqual(called(calls, 'child.cjs')?.ran, [1, 2, 3], output)
    },
  )

withPackages('tape: what ran before the first test does not count', async (t) => {
  const test = "require('tape')('totals', (t) => {\n  t.equal(require('./calc.cjs').total(1), 2)\n  t.end()\n})\n"
  const files = { 'calc.cjs': LOADED, 'a.test.cjs': `require('./calc.cjs')\n${test}` }
  const { calls, output } = await traced(t, node, files, [process.execPath, 'a.test.cjs'], { callsOnly, ...own })
  t.deepEqual(called(calls, 'calc.cjs')?.ran, [5, 6, 7], output)
})

test('with node:test, what V8 counted before the first test does not count', async (t) => {
  const files = {
    'calc.mjs': CALC,
    'cli.mjs': "import { total } from './calc.mjs'\nconsole.log(total([]))\n",
    'calc.test.mjs': `import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { total } from './calc.mjs'
describe('total', () => {
  it('sums', () => { if (total([1, 2]) !== 3) throw new Error('wrong') })
})
`,
  }
  const argv = [process.execPath, '--test']
  const { calls, output } = await traced(t, node, files, argv, { callsOnly })
  t.deepEqual(called(calls, 'calc.mjs')?.ran, [5, 6, 9, 10], output)
  const child = files['calc.test.mjs'].replace(
    'total([1, 2]) !== 3',
    "spawnSync(process.execPath, ['cli.mjs']).status !== 0",
  )
  const started = await traced(t, node, { ...files, 'calc.test.mjs': child }, argv, { callsOnly })
  t.true(called(started.calls, 'calc.mjs')?.ran.includes(7), started.output)
})
