import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import python from '../../../../src/engine/evidence/tracers/python.ts'
import type { Trace } from '../../../../src/engine/model/trace.ts'
import { needing, PYTHON, where } from '../../../helpers/needs.ts'
import { ran, traced, tracked } from './ground.ts'

const CALC = `import functools

LIMIT = 3


def add(a, b):
    if a > LIMIT:
        return a
    return a - b


def one(x): return x


@functools.lru_cache
def twice(
    a,
):
    return a * 2
`
const TESTS = `import calc, subprocess, sys


def test_add():
    assert calc.add(1, 2) == 3


def test_others():
    assert calc.one(calc.twice(2)) == 4
    assert [calc.add(5, n) for n in range(3)] == [5, 5, 5]


def test_child():
    subprocess.run([sys.executable, "-c", "import calc; calc.add(1, 1)"], check=True)
`
const UNITTEST = `import unittest, calc


class Calc(unittest.TestCase):
    def test_add(self):
        for n in 1, 2:
            with self.subTest(n=n):
                self.assertEqual(calc.add(n, 2), n + 2)

    def test_one(self):
        self.assertEqual(calc.one(1), 1)
`
const FILES = { 'calc.py': CALC, 'test_calc.py': TESTS, 'test_unit.py': UNITTEST }

const PER_FUNCTION = {
  'test_calc.py::test_add': [true, 7, 9],
  'test_calc.py::test_others': [false, 7, 8, 12, 19],
  'test_calc.py::test_child': [false, 7, 9],
}

test('each test of pytest has its own lines, what its child processes ran included', async (t) => {
  const { trace, output } = await traced(t, python, FILES, ['python3', '-m', 'pytest', '-q', 'test_calc.py'])
  t.deepEqual(ran(trace, 'calc.py'), PER_FUNCTION, output)
  t.true(trace?.loaded.includes('calc.py'))
})

test('so it has where the command or a script of it sets PYTHONPATH', async (t) => {
  const { 'calc.py': calc = '', ...rest } = FILES
  const files = { ...rest, 'src/calc.py': calc, 'check.sh': 'PYTHONPATH=src\nexport PYTHONPATH\nexec "$@"\n' }
  const line = 'python3 -m pytest -q test_calc.py'
  for (const command of [`PYTHONPATH=src ${line}`, `sh check.sh ${line}`]) {
    const { trace, output } = await traced(t, python, files, ['sh', '-c', command])
    t.deepEqual(ran(trace, 'src/calc.py'), PER_FUNCTION, output)
  }
})

needing('import xdist')('so it has where xdist spreads the tests over processes', async (t) => {
  const { trace, output } = await traced(t, python, FILES, [PYTHON, '-m', 'pytest', '-q', '-n', '2', 'test_calc.py'])
  t.deepEqual(ran(trace, 'calc.py'), PER_FUNCTION, output)
})

const PER_TEST = { 'test_unit.Calc.test_add': [true, 7, 9], 'test_unit.Calc.test_one': [false, 12] }

test('each test of unittest has its own lines, and a failed subtest fails it', async (t) => {
  const { trace, output } = await traced(t, python, FILES, ['python3', '-m', 'unittest', '-q', 'test_unit'])
  t.deepEqual(ran(trace, 'calc.py'), PER_TEST, output)
})

const EARLY = `def double(n):
    return n * 2


def never(n):
    return n


TABLE = list(map(double, range(3)))
`
const EARLY_TESTS = `import unittest, early


def test_table():
    assert early.TABLE == [0, 1, 2]


class Table(unittest.TestCase):
    def test_table(self):
        self.assertEqual(early.TABLE, [0, 1, 2])
`

test('what a file runs while it is imported belongs to no test, and is told', async (t) => {
  for (const runner of ['pytest', 'unittest']) {
    const files = { 'early.py': EARLY, 'test_early.py': EARLY_TESTS }
    const { trace, output } = await traced(t, python, files, [
      'python3',
      '-m',
      runner,
      '-q',
      'test_early'.concat(runner === 'pytest' ? '.py' : ''),
    ])
    t.deepEqual([...(trace?.before.get('early.py') ?? [])], [2], output)
    t.true(
      (trace?.spectra ?? []).every(
        ({ test: name, failed, lines }) => name !== null && failed && !lines.has('early.py'),
      ),
    )
    t.is(trace?.spectra.length, runner === 'pytest' ? 2 : 1)
  }
})

const BOX = `class Box:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __repr__(self):
        return self.text()

    def text(self):
        return str(self.n)
`

test('what runs only because pytest shows the values of a failing assertion belongs to no test', async (t) => {
  const tests =
    'from box import Box\n\n\ndef test_same():\n    assert Box(1) == Box(2)\n\n\ndef test_text():\n    assert Box(3).text() == "3"\n\n\ndef test_raises():\n    box = Box(1)\n    raise ValueError(box.n)\n'
  const files = { 'box.py': BOX, 'test_box.py': tests }
  const { trace, output } = await traced(t, python, files, ['python3', '-m', 'pytest', '-q', '-l', 'test_box.py'])
  const expected = {
    'test_box.py::test_same': [true, 3, 6],
    'test_box.py::test_text': [false, 3, 12],
    'test_box.py::test_raises': [true, 3],
  }
  t.deepEqual(ran(trace, 'box.py'), expected, output)
})

test('what runs only because unittest shows the values of a failing assertion belongs to no test', async (t) => {
  const tests =
    'import unittest\n\nfrom box import Box\n\n\nclass Boxes(unittest.TestCase):\n    def test_same(self):\n        self.assertEqual(Box(1), Box(2))\n\n    def test_dict(self):\n        self.assertEqual({1: Box(1)}, {1: Box(2)})\n'
  const files = { 'box.py': BOX, 'test_box.py': tests }
  const { trace, output } = await traced(t, python, files, ['python3', '-m', 'unittest', '-q', 'test_box'])
  const expected = { 'test_box.Boxes.test_same': [true, 3, 6], 'test_box.Boxes.test_dict': [true, 3, 6] }
  t.deepEqual(ran(trace, 'box.py'), expected, output)
})

test('pytest tells the outcome of a TestCase once', async (t) => {
  const { trace } = await traced(t, python, FILES, ['python3', '-m', 'pytest', '-q', 'test_unit.py'])
  t.deepEqual(Object.keys(ran(trace, 'calc.py')), ['test_unit.py::Calc::test_add', 'test_unit.py::Calc::test_one'])
})

const newer = monitored()
where(newer !== null, 'there is no Python 3.12 or later')('with sys.monitoring it is the same', async (t) => {
  if (newer === null) throw new Error('no Python')
  const { trace, output } = await traced(t, python, FILES, [newer, '-m', 'unittest', '-q', 'test_unit'])
  t.deepEqual(ran(trace, 'calc.py'), PER_TEST, output)
  // It has no pytest of its own: that of another Python, which is Python alone.
  const env = { PYTHONPATH: says('python3', PYTEST) ?? '', PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' }
  const pytest = await traced(t, python, FILES, [newer, '-m', 'pytest', '-q', 'test_calc.py'], { env })
  t.deepEqual(ran(pytest.trace, 'calc.py'), PER_FUNCTION, pytest.output)
})

const PYTEST = 'import os, pytest; print(os.path.dirname(os.path.dirname(pytest.__file__)))'

/** What a Python prints; null when it fails. */
function says(program: string, code: string): string | null {
  try {
    return execFileSync(program, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

/** A Python from 3.12 on, on PATH or where pyenv puts it. */
function monitored(): string | null {
  const versions = join(homedir(), '.pyenv', 'versions')
  const pyenv = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, 'bin', 'python3')) : []
  const works = (program: string) => says(program, 'import sys; sys.exit(sys.version_info < (3, 12))') !== null
  return ['python3.14', 'python3.13', 'python3.12', 'python3', ...pyenv].find(works) ?? null
}

test('a program without tests is one spectrum', async (t) => {
  const files = { ...FILES, 'main.py': 'import calc\n\ncalc.add(1, 2)\n' }
  const { trace } = await traced(t, python, files, ['python3', 'main.py'])
  t.deepEqual(ran(trace, 'calc.py'), { '(all)': [true, 7, 9] })
})

const HANG = `import unittest


def spin(n):
    while True:
        n += 1


class Hang(unittest.TestCase):
    def test_a_first(self):
        pass

    def test_spin(self):
        spin(1)
`

test('a hang leaves what ran, the test that hung, and where it stood', async (t) => {
  const argv = ['python3', '-m', 'unittest', 'test_hang']
  const { trace } = await traced(t, python, { 'test_hang.py': HANG }, argv, { endsAfterMs: 10_000 })
  t.deepEqual(ran(trace, 'test_hang.py'), {
    'test_hang.Hang.test_a_first': [false, 11],
    'test_hang.Hang.test_spin': [true, 5, 6, 14],
  })
  const [inner, outer] = trace?.frames ?? []
  t.is(inner?.path, 'test_hang.py')
  t.true(inner?.line === 5 || inner?.line === 6)
  t.deepEqual(outer, { path: 'test_hang.py', line: 14 })
})

test('a forked child writes for the test that forked it', async (t) => {
  const files = {
    'work.py': 'def child():\n    return 1\n',
    'test_fork.py':
      'import os, work\n\n\ndef test_fork():\n    pid = os.fork()\n    if pid == 0:\n        work.child()\n        os._exit(0)\n    os.waitpid(pid, 0)\n    assert False\n',
  }
  const { trace } = await traced(t, python, files, ['python3', '-m', 'pytest', '-q'])
  t.deepEqual(ran(trace, 'work.py'), { 'test_fork.py::test_fork': [true, 2] })
})

test('the sitecustomize that stands behind ours still runs, and options that were there still hold', async (t) => {
  const files = {
    'site/sitecustomize.py': 'import os\n\nos.environ["FROM_SITE"] = "yes"\n',
    'test_env.py': 'import os\n\n\ndef test_env():\n    assert os.environ.get("FROM_SITE") != "yes"\n',
  }
  const { trace, output } = await traced(
    t,
    python,
    files,
    ['sh', '-c', 'PYTHONPATH="$PYTHONPATH:$PWD/site" python3 -m pytest'],
    {
      env: { PYTEST_ADDOPTS: '--tb=line' },
    },
  )
  t.deepEqual(ran(trace, 'test_env.py'), { 'test_env.py::test_env': [true, 5] }, output)
  t.false(output.includes('>       assert'))
})

test('a file that cannot be imported fails like a test', async (t) => {
  const files = {
    'work.py': 'def table():\n    return {}["x"]\n',
    'test_a.py': 'import work\n\nwork.table()\n',
    'test_b.py': 'def test_b():\n    pass\n',
  }
  const { trace } = await traced(t, python, files, ['python3', '-m', 'pytest', '-q'])
  t.deepEqual(ran(trace, 'work.py'), { 'test_a.py': [true, 2] })
})

test('what lies outside of the work tree is not traced', async (t) => {
  const files = { 'test_json.py': 'import json\n\n\ndef test_json():\n    assert json.loads("1") == 2\n' }
  const { trace } = await traced(t, python, files, ['python3', '-m', 'pytest', '-q'])
  t.deepEqual([...(trace?.spectra[0]?.lines.keys() ?? [])], ['test_json.py'])
})

test('reports that are no reports say nothing', async (t) => {
  const files = tracked({ 'a.py': '' })
  t.is(await python.read(new Map(), files, { root: '/r' }), null)
  const junk = new TextEncoder().encode('F 0 a.py\nF x\nT failed\n\u0000\nT failed t\t0:1-999999999,x 9:1 0:5\n')
  const trace = await python.read(new Map([['py-1.tests', junk]]), files, { root: '/r' })
  t.deepEqual(ran(trace, 'a.py'), { t: [true, 5] })
})

/** What a trace says of reads, without the code that was imported. */
const reads = (trace: Trace | null) => (trace?.reads ?? []).map(({ path, by }) => `${by} reads ${path}`).sort()

test('with Python, a file that is read belongs to the code of the project that is nearest to the call', async (t) => {
  const files = {
    'vectors/add.json': '[[1, 2, 3]]',
    'views/mail.html': '<p>',
    'table.csv': '1\n',
    'mail.py':
      'import pathlib\n\n\ndef render():\n    return (pathlib.Path(__file__).parent / "views" / "mail.html").read_text()\n',
    'helpers.py':
      'import csv\n\n\ndef rows():\n    with open("table.csv", newline="") as file:\n        return list(csv.reader(file))\n',
    'test_mail.py':
      'import json, mail, helpers\n\n\ndef test_mail():\n    json.load(open("vectors/add.json"))\n    open("out.txt", "w").close()\n    helpers.rows()\n    assert mail.render() == "x"\n',
  }
  const { trace } = await traced(t, python, files, ['python3', '-m', 'pytest', '-q'])
  t.deepEqual(reads(trace), [
    'helpers.py reads table.csv',
    'mail.py reads views/mail.html',
    'test_mail.py reads vectors/add.json',
  ])
})

test('fixtures and hooks are called by the runner, product and wrapped tests are not', async (t) => {
  const files = {
    'conftest.py': 'from calc.fixtures import *\nfrom calc.hooks import *\n',
    'calc/__init__.py': '',
    'calc/deep.py': 'import pytest\n\n\n@pytest.fixture\ndef wanted():\n    return 3\n',
    'calc/fixtures.py': 'from calc.deep import wanted\n',
    'calc/hooks.py': 'def pytest_runtest_setup(item):\n    item.seen = True\n',
    'calc/base.py':
      'import unittest\n\n\nclass Base(unittest.TestCase):\n    def setUp(self):\n        self.wanted = 3\n',
    'calc/add.py':
      'import functools\n\n\ndef wrapped(test):\n    @functools.wraps(test)\n    def run(*args, **kwargs):\n        return test(*args, **kwargs)\n    return run\n\n\nclass Sum:\n    def __init__(self, n):\n        self.n = n\n\n    def __eq__(self, other):\n        return False\n',
    'test_add.py':
      'import unittest\nfrom calc.add import Sum, wrapped\nfrom calc.base import Base\n\n\n@wrapped\ndef test_add(wanted):\n    assert Sum(1) == wanted\n\n\nclass TestSum(Base):\n    def test_sum(self):\n        self.assertEqual(Sum(1), self.wanted)\n',
  }
  const { trace, output } = await traced(t, python, files, ['python3', '-m', 'pytest', '-q'])
  t.deepEqual([...(trace?.calledByRunner ?? [])].sort(), ['calc/base.py', 'calc/deep.py', 'calc/hooks.py'], output)
  const unit = await traced(t, python, files, ['python3', '-m', 'unittest', 'test_add.TestSum'])
  t.deepEqual(unit.trace?.calledByRunner, ['calc/base.py'], unit.output)
})
