import test from 'ava'
import goPlug from '../../../../src/engine/evidence/tracers/go.ts'
import nodePlug from '../../../../src/engine/evidence/tracers/node.ts'
import pythonPlug from '../../../../src/engine/evidence/tracers/python.ts'
import type { Tracer } from '../../../../src/engine/ports/tracer.ts'
import { needing, PYTHON } from '../../../helpers/needs.ts'
import { called, traced } from './ground.ts'

const python: Tracer = pythonPlug
const node: Tracer = nodePlug
const go: Tracer = goPlug
const callsOnly = true

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
