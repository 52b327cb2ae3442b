import test from 'ava'
import python from '../../../../src/engine/evidence/validators/python.ts'
import { needing, PYTHON } from '../../../helpers/needs.ts'
import { validated } from './ground.ts'

const withPytest = needing('import pytest')
const PYTEST = [PYTHON, '-m', 'pytest', '-q']

const CALC = `import functools

LIMIT = 3


def add(a, b):
    return a - b


def wait(n):
    while n > 0:
        n -= 1
    return n
`
const TESTS = `from calc import add, wait


def test_add():
    assert add(1, 2) == 3


def test_same():
    assert add(2, 0) == 2


def test_wait():
    assert wait(3) == 0
`
const FILES = { 'calc.py': CALC, 'test_calc.py': TESTS }

withPytest('candidates pass, fail, hang, end their process, or are no program', (t) => {
  const { base, words, cannot } = validated(t, python, {
    files: FILES,
    command: PYTEST,
    edits: [
      ['calc.py', 'a - b', 'a + b'],
      ['calc.py', 'a - b', 'a * b'],
      ['calc.py', 'a - b', 'a - '],
      ['calc.py', 'return a - b', 'while True: pass'],
      ['calc.py', 'return a - b', 'import os; os._exit(0)'],
      ['calc.py', 'return a - b', 'raise SystemExit(0)'],
      ['calc.py', 'a - b', '3'],
      ['calc.py', 'a - b', 'len(bytearray(1 << 40)) and 3'],
    ],
    head: { lookOn: 10, seconds: 8 },
  })
  t.is(cannot, null)
  t.deepEqual(base, { by: 'pytest', failing: ['test_calc.py::test_add'], hanging: 0, passed: 2 })
  t.deepEqual(words, ['passes', 'fails', 'fails', 'slow', 'fails', 'fails', 'fails', 'fails'])
})

withPytest('a command that sets PYTHONPATH itself is taken over, too', (t) => {
  for (const command of [`PYTHONPATH=src ${PYTEST.join(' ')}`, `PYTHONPATH=src ${PYTHON} -m unittest -q`]) {
    const { base, words, output } = validated(t, python, {
      files: {
        'src/calc.py': CALC,
        'test_calc.py':
          'import unittest\nfrom calc import add\n\n\nclass Calc(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n',
      },
      command: ['sh', '-c', command],
      edits: [
        ['src/calc.py', 'a - b', 'a * b'],
        ['src/calc.py', 'a - b', 'a + b'],
      ],
    })
    t.is(base?.failing.length, 1, output)
    t.deepEqual(words, ['fails', 'passes'], command)
  }
})

withPytest('a failing test that hangs is told, and the change that ends it passes', (t) => {
  const { base, words } = validated(t, python, {
    files: { ...FILES, 'calc.py': CALC.replace('n -= 1', 'n += 1').replace('a - b', 'a + b') },
    command: PYTEST,
    edits: [
      ['calc.py', 'n += 1', 'n *= 1'],
      ['calc.py', 'n += 1', 'n -= 1'],
    ],
    head: { patience: 1 },
  })
  t.deepEqual(base, { by: 'pytest', failing: ['test_calc.py::test_wait'], hanging: 1, passed: 2 })
  t.deepEqual(words, ['slow', 'passes'])
})

withPytest('a name that a test file imported, a decorated function, a method and a default see the change', (t) => {
  const shapes = `import functools


def logged(plain):
    def call(*args):
        return plain(*args)

    return call


@logged
def twice(a):
    return a * 3


@functools.lru_cache(None)
def half(a):
    return a // 3


half(4)


class Box:
    SIZE = 3

    def __init__(self, size=3):
        self.size = size

    @property
    def double(self):
        return self.size * 3

    @classmethod
    def named(cls):
        return cls.SIZE


box = Box(2)
LIMIT = 3
`
  const tests = (body: string) =>
    `from shapes import LIMIT, Box, box, half, twice\n\n\ndef test_it():\n    assert ${body}\n`
  const cases = [
    ['twice(2) == 4', 'a * 3', 'a * 2'],
    ['half(4) == 2', 'a // 3', 'a // 2'],
    ['Box().size == 2', 'size=3', 'size=2'],
    ['box.double == 4', 'self.size * 3', 'self.size * 2'],
    ['Box.named() == 2 and isinstance(box, Box)', 'SIZE = 3', 'SIZE = 2'],
    ['LIMIT == 2', 'LIMIT = 3', 'LIMIT = 2'],
  ] as const
  for (const [body, old, fresh] of cases) {
    const files = { 'shapes.py': shapes, 'test_shapes.py': tests(body) }
    const { words } = validated(t, python, { files, command: PYTEST, edits: [['shapes.py', old, fresh]] })
    t.deepEqual(words, ['passes'], body)
  }
})

withPytest(
  'a change that passes only after a test that mutates a module is refuted by all tests in their order',
  (t) => {
    const files = {
      'state.py': 'SEEN = []\n\n\ndef note(x):\n    SEEN.append(x)\n    return 0\n',
      'test_state.py':
        'import state\n\n\ndef test_first():\n    state.SEEN.append(0)\n\n\ndef test_note():\n    assert state.note(1) == 1\n',
    }
    const { words } = validated(t, python, {
      files,
      command: PYTEST,
      edits: [
        ['state.py', 'return 0', 'return len(SEEN)'],
        ['state.py', 'return 0', 'return x'],
      ],
    })
    t.deepEqual(words, ['fails', 'passes'])
  },
)

test('tests of unittest, whose failures do not raise, are told apart', (t) => {
  const files = {
    'calc.py': CALC,
    'test_calc.py': `import unittest

from calc import add


class Calc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one = 1

    def test_add(self):
        self.assertEqual(add(self.one, 2), 3)

    def test_parts(self):
        for n in (0, 1):
            with self.subTest(n=n):
                self.assertEqual(add(n, 0), n)
`,
  }
  const { base, words } = validated(t, python, {
    files,
    command: [PYTHON, '-m', 'unittest', '-q'],
    edits: [
      ['calc.py', 'a - b', 'a + b'],
      ['calc.py', 'a - b', 'b - a'],
      ['calc.py', 'a - b', '3'],
    ],
  })
  t.deepEqual(base, { by: 'unittest', failing: ['test_calc.Calc.test_add'], hanging: 0, passed: 1 })
  t.deepEqual(words, ['passes', 'fails', 'fails'])
})

withPytest(
  'where failing tests start programs, or files cannot be loaded, nothing is tried, and the reason is told',
  (t) => {
    const child =
      'import subprocess, sys\n\n\ndef test_it():\n    out = subprocess.check_output([sys.executable, "-c", "import calc; print(calc.add(1, 2))"])\n    assert out == b"3\\n"\n'
    const edits = [['calc.py', 'a - b', 'a + b']] as const
    const started = validated(t, python, { files: { 'calc.py': CALC, 'test_child.py': child }, command: PYTEST, edits })
    t.regex(started.cannot ?? '', /^the failing tests start programs of their own: /)
    t.deepEqual(started.words, [undefined])
    const broken = { 'calc.py': `${CALC}\nraise ValueError\n`, 'test_calc.py': TESTS }
    t.is(validated(t, python, { files: broken, command: PYTEST, edits }).cannot, 'a test file cannot be loaded')
  },
)

withPytest('of several runs in one command, the one that fails is taken', (t) => {
  const files = { ...FILES, 'test_fine.py': 'def test_fine():\n    pass\n' }
  const { base, words } = validated(t, python, {
    files,
    command: ['sh', '-c', `${PYTEST.join(' ')} test_fine.py && ${PYTEST.join(' ')} test_calc.py`],
    edits: [['calc.py', 'a - b', 'a + b']],
  })
  t.deepEqual(base?.failing, ['test_calc.py::test_add'])
  t.deepEqual(words, ['passes'])
})

withPytest('a control finds out that a candidate spoilt what others use, and its word is dropped', (t) => {
  const files = {
    'calc.py': CALC,
    'test_calc.py': `import os
from calc import add


def test_add():
    assert add(1, 2) == 3


def test_nothing_is_left():
    assert not os.path.exists(os.path.expanduser("~/left"))
`,
  }
  const spoil = ['calc.py', 'return a - b', 'import os; os.mkdir(os.path.expanduser("~/left"))'] as const
  const harmless = ['calc.py', 'a - b', 'a * b'] as const
  const spoilt = validated(t, python, { files, command: PYTEST, edits: [spoil] })
  t.deepEqual([spoilt.spoilt, spoilt.dropped, spoilt.words], [true, 1, [undefined]])
  const well = validated(t, python, { files, command: PYTEST, edits: [harmless] })
  t.deepEqual([well.spoilt, well.dropped, well.words], [false, 0, ['fails']])
})

withPytest('each candidate has a directory for temporary files of its own, and none is left', (t) => {
  const files = {
    'calc.py': 'import os, tempfile\n\n\ndef put():\n    return tempfile.mkstemp()[1]\n',
    'test_calc.py':
      'import os, calc\n\n\ndef test_put():\n    path = calc.put()\n    assert os.listdir(os.path.dirname(path)) == []\n',
  }
  const { words } = validated(t, python, {
    files,
    command: PYTEST,
    edits: [
      ['calc.py', 'tempfile.mkstemp()[1]', 'tempfile.mkstemp()[1] + "x"'],
      ['calc.py', 'tempfile.mkstemp()[1]', 'tempfile.gettempdir() + "/x"'],
    ],
  })
  t.deepEqual(words, ['fails', 'passes'])
})

withPytest('what runs is the ordinary command where no test fails, with the environment of an ordinary run', (t) => {
  const files = {
    'test_env.py':
      'import os\n\n\ndef test_env():\n    assert "PP_VALIDATE" in os.environ\n\n\ndef test_fails():\n    assert [one for one in os.environ if one.startswith("PP_") or one == "PYTEST_ADDOPTS"] == ["PP_ROOT"]\n',
  }
  const { base } = validated(t, python, { files, command: PYTEST, edits: [['test_env.py', '==', '!=']] })
  t.deepEqual(base?.failing, ['test_env.py::test_env'])
})

withPytest('candidates that pass are told apart by what they do for further inputs', (t) => {
  const { words, behaviour, output } = validated(t, python, {
    files: {
      'least.py':
        'import random\n\n\ndef least(items):\n    return max(items)\n\n\ndef roll(n):\n    return random.random()\n',
      'test_least.py':
        'from least import least, roll\n\n\ndef test_least():\n    assert least([1, 2]) == 1\n    assert roll(1) < 1\n',
    },
    command: PYTEST,
    edits: [
      ['least.py', 'max(items)', 'min(items)'],
      ['least.py', 'max(items)', 'items[0]'],
      ['least.py', 'max(items)', 'sorted(items)[0]'],
      ['least.py', 'max(items)', 'items.pop(0)'],
      ['least.py', 'max(items)', 'items'],
    ],
  })
  t.deepEqual(words, ['passes', 'passes', 'passes', 'passes', 'fails'], output)
  const [first, second, third, fourth] = [0, 1, 2, 3].map((n) => behaviour.get(n))
  t.is(first?.length, 100)
  t.deepEqual(first, third)
  t.notDeepEqual(first, second)
  t.notDeepEqual(second, fourth, 'what becomes of the arguments counts')
  t.true(first?.includes(''), 'calls that differ each time say nothing')
})

const CHECK = `import json
import sys
from lib.calc import add

print(json.dumps({"sum": add(1, 2)}))
assert add(1, 2) == 3, add(1, 2)
if len(sys.argv) > 1:
    sys.exit(0 if add(2, 2) == 4 else 5)
`
const SCRIPT_FILES = {
  'lib/calc.py': CALC,
  'check.py': CHECK,
  'pack/__main__.py': 'from lib.calc import add\nassert add(1, 2) == 3\n',
}

test('a script without a runner runs in a fork for each candidate', (t) => {
  for (const command of [['check.py'], ['-u', 'check.py', 'more'], ['-m', 'pack']]) {
    const { base, words, cannot } = validated(t, python, {
      files: SCRIPT_FILES,
      command: [PYTHON, ...command],
      edits: [
        ['lib/calc.py', 'a - b', 'a + b'],
        ['lib/calc.py', 'a - b', 'a * b'],
        ['lib/calc.py', 'a - b', 'a - '],
        ['lib/calc.py', 'return a - b', 'while True: pass'],
        ['lib/calc.py', 'return a - b', 'import os; os._exit(0)'],
        ['lib/calc.py', 'LIMIT = 3', 'LIMIT = 3 / 0'],
        ['lib/calc.py', 'return a - b', 'raise SystemExit(0)'],
      ],
      head: { lookOn: 10, seconds: 8 },
    })
    t.is(cannot, null)
    t.like(base, { by: 'a script', failing: [], hanging: 0, passed: 0 })
    t.regex(base?.output ?? '', /AssertionError/)
    // To end with 0 is what the command asks for.
    t.deepEqual(words, ['passes', 'fails', 'fails', 'slow', 'fails', 'fails', 'passes'], command.join(' '))
  }
})

test('the main script itself may hold the mistake, and a script that ends well runs as it would otherwise', (t) => {
  const main =
    'def add(a, b):\n    return a - b\n\n\nif __name__ == "__main__":\n    assert add(1, 2) == 3\n    print("well")\n'
  const { words } = validated(t, python, {
    files: { 'main.py': main },
    command: [PYTHON, 'main.py'],
    edits: [
      ['main.py', 'a - b', 'a + b'],
      ['main.py', 'a - b', 'a * b'],
    ],
  })
  t.deepEqual(words, ['passes', 'fails'])
  const { base, output } = validated(t, python, {
    files: { 'main.py': main.replace('a - b', 'a + b') },
    command: [PYTHON, 'main.py'],
    edits: [['main.py', 'a + b', 'a - b']],
  })
  t.is(base, null)
  t.is(output, 'well\n')
})

test('a script that runs unittest, or starts the tests, is not what is tried', (t) => {
  const files = {
    'calc.py': CALC,
    'test_calc.py':
      'import unittest\nfrom calc import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n\n\nif __name__ == "__main__":\n    unittest.main()\n',
    'run.py': 'import subprocess, sys\nsys.exit(subprocess.call([sys.executable, "test_calc.py"]))\n',
  }
  for (const script of ['test_calc.py', 'run.py']) {
    const { base, words } = validated(t, python, {
      files,
      command: [PYTHON, script],
      edits: [['calc.py', 'a - b', 'a + b']],
    })
    t.is(base?.by, 'unittest', script)
    t.deepEqual(words, ['passes'])
  }
})

withPytest('what a run leaves among the files of the project decides nothing about the next candidate', (t) => {
  const { base, words, output } = validated(t, python, {
    files: {
      'store.py':
        'import os\n\n\ndef clear(path, keep):\n    if keep == 0:\n        return 1\n    os.remove(path)\n    return 0\n',
      'data.txt': 'x\n',
      'test_store.py':
        'import os\nfrom store import clear\n\n\ndef test_keeps():\n    assert clear("data.txt", 1) == 1\n    assert open("data.txt").read() == "x\\n"\n    assert not os.path.exists("left")\n\n\ndef test_keeps_none():\n    assert clear("data.txt", 0) == 1\n',
    },
    command: PYTEST,
    head: { jobs: 2 },
    edits: [
      ['store.py', 'keep == 0', 'keep == 1'],
      ['store.py', 'os.remove(path)', 'open(path, "a").write("more")'],
      ['store.py', 'os.remove(path)', 'os.mkdir("left")'],
      ['store.py', 'keep == 0', 'keep >= 0'],
      ['store.py', 'os.remove(path)', 'os.rename(path, "left")'],
      ['store.py', 'keep == 0', 'keep < 9'],
    ],
  })
  t.like(base, { failing: ['test_store.py::test_keeps'], passed: 1 }, output)
  t.deepEqual(words, ['fails', 'fails', 'fails', 'passes', 'fails', 'passes'], output)
})
