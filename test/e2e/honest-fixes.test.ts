import type { ExecutionContext } from 'ava'
import { pp, type Ran } from '../helpers/pp.ts'
import { type Files, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const PYTEST = 'python3 -m pytest -q -p no:cacheprovider'

interface Case {
  readonly base: Files
  readonly fix: Files
  readonly command: string
  readonly options?: readonly string[]
}

/** Proves a fix that is committed on top of its base. */
async function prove(t: ExecutionContext, { base, fix, command, options = [] }: Case): Promise<Ran> {
  const repo = await tempRepo(t, base)
  await repo.commit('fix', fix)
  return pp(repo, ['prove', 'HEAD', command, '--json', ...options])
}

const SHOP =
  'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a - b\n\n\ndef one():\n    """\n    >>> one()\n    1\n    """\n    return 1\n'
const EXAMPLES = `import doctest
import pytest
import shop

FOUND = [one for one in doctest.DocTestFinder().find(shop) if one.examples]


@pytest.mark.parametrize('example', FOUND, ids=lambda one: f'shop.py:{one.lineno}')
def test_example(example):
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0
`

test('names of tests that carry lines of the product are followed through the change', async (t) => {
  const fix = { 'shop.py': `import os\n\n${SHOP.replace('a - b', 'a + b')}` }
  const { json } = await prove(t, {
    base: { 'shop.py': SHOP, 'tests/test_examples.py': EXAMPLES },
    fix,
    command: PYTEST,
  })
  t.is(json.verdict, 'PROVED', json.reason)
  t.deepEqual(json['judgesChanged'], [])
})

test('an example that failed and is taken out has vanished, whatever comes in its place', async (t) => {
  const [head = '', tail = ''] = SHOP.split('def one')
  const other = `def zero():\n    """\n    >>> zero()\n    0\n    """\n    return 0\n`
  const fix = { 'shop.py': `${head.replace(/ {4}"""[\s\S]*?"""\n/, '')}def one${tail}\n\n${other}` }
  const { json } = await prove(t, {
    base: { 'shop.py': SHOP, 'tests/test_examples.py': EXAMPLES },
    fix,
    command: PYTEST,
  })
  t.is(json.verdict, 'RIGGED', json.reason)
})

const BOX = `class Box:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return False

    def __iter__(self):
        return iter([self.value])


class MySpecialBoxWithAVeryLongName(Box):
    pass
`

test('an object that a runner shows in part, with its address cut, is the same from run to run', async (t) => {
  const tests = 'from box import MySpecialBoxWithAVeryLongName as B\n\n\ndef test_eq():\n    assert B(1) == B(1)\n'
  const base = { 'box.py': BOX, 'test_box.py': tests }
  const fix = { 'box.py': BOX.replace('return False', 'return self.value == other.value') }
  const { json } = await prove(t, { base, fix, command: PYTEST })
  t.is(json.verdict, 'PROVED', json.reason)
})

test('a reason that differs from run to run in the same test is a remark', async (t) => {
  const tests =
    "import random\n\nfrom calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5, random.choice('abcdefghijklmnopqrstuvwxyz') * 9\n"
  const base = { 'calc.py': 'def add(a, b):\n    return a - b\n', 'test_calc.py': tests }
  const { json } = await prove(t, { base, fix: { 'calc.py': 'def add(a, b):\n    return a + b\n' }, command: PYTEST })
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(String(json['warnings']), /the message of a failing test differs from run to run/)
})

test('skips do not count against a base whose run ended while it loaded', async (t) => {
  const base = {
    'calc.py': 'def add(a, b):\n    return a + b\n',
    'test_calc.py': 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n',
  }
  const tests =
    'import pytest\n\nfrom calc import add, sub\n\n\ndef test_add():\n    assert add(2, 3) == 5\n\n\ndef test_sub():\n    assert sub(3, 2) == 1\n\n\n@pytest.mark.skip\ndef test_later():\n    pass\n'
  const fix = { 'calc.py': `${base['calc.py']}\n\ndef sub(a, b):\n    return a - b\n`, 'test_calc.py': tests }
  const { json } = await prove(t, { base, fix, command: PYTEST, options: ['--runs', '1'] })
  t.is(json.verdict, 'PROVED', json.reason)
})

const TWO = { 'calc.py': 'def add(a, b):\n    return a - b\n\n\ndef half(a):\n    return a // 3\n' }
const NET = `import urllib.request

from calc import add


def test_f():
    assert add(2, 3) == 5


def test_net():
    urllib.request.urlopen('http://example.invalid/')
`

test('of a red in part for want of the network, what is mended is told with the line that leaves the rest out', async (t) => {
  const base = { ...TWO, 'test_calc.py': NET }
  const { status, json } = await prove(t, {
    base,
    fix: { 'calc.py': 'def add(a, b):\n    return a + b\n' },
    command: PYTEST,
  })
  t.is(json.verdict, 'INVALID_RED', json.reason)
  t.is(status, 6)
  t.regex(
    json.reason ?? '',
    /^test_calc\.py::test_f is fixed by this change; test_calc\.py::test_net fails before and after because the network is closed/,
  )
  const line = `git pp prove HEAD '${PYTEST} --deselect test_calc.py::test_net'`
  t.is(json['mend'], `to prove the change without it: ${line}`)
})

test('a test that fails in the same way before and after is told, with the line that leaves it out', async (t) => {
  const tests =
    'from calc import add, half\n\n\ndef test_add():\n    assert add(2, 3) == 5\n\n\ndef test_half():\n    assert half(4) == 2\n'
  const base = { ...TWO, 'test_calc.py': tests }
  const fix = { 'calc.py': TWO['calc.py'].replace('a - b', 'a + b') }
  const { json } = await prove(t, { base, fix, command: PYTEST })
  t.is(json.verdict, 'INVALID_RED', json.reason)
  t.regex(
    json.reason ?? '',
    /test_add is fixed by this change; test_calc\.py::test_half fails before and after in the same way: assert 1 == 2/,
  )
  t.regex(String(json['mend']), /--deselect test_calc\.py::test_half/)
})

test('a test that a fix breaks is never excused, whatever it says', async (t) => {
  const tests =
    'from calc import add, half\n\n\ndef test_add():\n    assert add(2, 3) == 5\n\n\ndef test_half():\n    assert half(3) == 1\n'
  const base = { ...TWO, 'test_calc.py': tests }
  const forged =
    "import urllib.error\n\n\ndef add(a, b):\n    return a + b\n\n\ndef half(a):\n    raise urllib.error.URLError('[Errno -3] Temporary failure in name resolution')\n"
  const { json } = await prove(t, { base, fix: { 'calc.py': forged }, command: PYTEST })
  t.is(json.verdict, 'NOT_FIXED', json.reason)
})

test('a generated file that git ignores is named before anything is searched, with the line that brings it', async (t) => {
  const base = {
    '.gitignore': '_version.py\n',
    'p/__init__.py': 'from p._version import version\n\n\ndef add(a, b):\n    return a - b\n',
    'test_p.py': 'import p\n\n\ndef test_add():\n    assert p.add(2, 3) == 5\n',
  }
  const repo = await tempRepo(t, base)
  await repo.write('p/_version.py', "version = '1'\n")
  const run = await pp(repo, ['run', PYTEST, '--json'])
  t.is(run.json.verdict, 'INVALID_RED', run.json.reason)
  t.regex(run.json.reason ?? '', /p\/_version\.py exists here but is ignored by git/)
  t.is(run.json['mend'], 'add --include p/_version.py')
  await repo.commit('fix', { 'p/__init__.py': base['p/__init__.py'].replace('a - b', 'a + b') })
  const proved = await pp(repo, ['prove', 'HEAD', PYTEST, '--include', 'p/_version.py', '--json'])
  t.is(proved.json.verdict, 'PROVED', proved.json.reason)
})

test('a command that asks git for tags is told how to see them', async (t) => {
  const tests =
    "import subprocess\n\n\ndef test_version():\n    subprocess.run(['git', 'describe', '--tags'], check=True)\n"
  const { json } = await prove(t, {
    base: { 'a.py': '', 'test_a.py': tests },
    fix: { 'a.py': 'x = 1\n' },
    command: PYTEST,
  })
  t.is(json.verdict, 'INVALID_RED', json.reason)
  t.is(json['mend'], 'add --history tags')
})

const UNITTEST = 'python3 -m unittest -q'

test('a class whose set-up raised gives way to its tests', async (t) => {
  const tests =
    'import unittest\n\nimport calc\n\n\nclass Calc(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n        cls.two = calc.two()\n\n    def test_two(self):\n        self.assertEqual(self.two, 2)\n'
  const base = { 'calc.py': "def two():\n    raise ValueError('no two')\n", 'test_calc.py': tests }
  const { json } = await prove(t, { base, fix: { 'calc.py': 'def two():\n    return 2\n' }, command: UNITTEST })
  t.is(json.verdict, 'PROVED', json.reason)
})

test('a file of node:test that threw while it loaded gives way to its tests', async (t) => {
  const tests =
    "import test from 'node:test'\nimport assert from 'node:assert'\nimport { two } from './calc.js'\n\ntest('two', () => assert.equal(two, 2))\ntest('twice', () => assert.equal(two * 2, 4))\n"
  const base = {
    'package.json': '{"type":"module"}',
    'calc.js': "throw new Error('not yet')\nexport const two = 2\n",
    'calc.test.js': tests,
  }
  const { json } = await prove(t, { base, fix: { 'calc.js': 'export const two = 2\n' }, command: 'node --test' })
  t.is(json.verdict, 'PROVED', json.reason)
})

const ADD = 'exports.add = (a, b) => a - b\nexports.half = (a) => a / 2\n'
const asserts = (what: string) => `require('assert').equal(require('../i.js').${what})\n`

test('a test file that the command names and that only the change has is no red of the base', async (t) => {
  const fix = { 'i.js': ADD.replace('a - b', 'a + b'), 'test/new.js': asserts('add(2, 3), 5') }
  const { json } = await prove(t, { base: { 'i.js': ADD }, fix, command: 'node test/new.js', options: ['--runs', '1'] })
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['judges'], 'change')
})

const BOTH = `${PYTEST} test_old.py test_new.py`
const OLD_TEST = 'from calc import add, half\n\n\ndef test_half():\n    assert half(4) == 2\n'
const NEW_TEST = 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n'
const CALC = 'def add(a, b):\n    return a - b\n\n\ndef half(a):\n    return a // 2\n'

test('with a new test file named, the old ones are still asked as the base has them', async (t) => {
  const base = { 'calc.py': CALC, 'test_old.py': OLD_TEST }
  const good = {
    'calc.py': CALC.replace('a - b', 'a + b'),
    'test_old.py': `${OLD_TEST}\n\ndef test_more():\n    assert half(8) == 4\n`,
    'test_new.py': NEW_TEST,
  }
  const proved = await prove(t, { base, fix: good, command: BOTH, options: ['--runs', '1'] })
  t.is(proved.json.verdict, 'PROVED', proved.json.reason)
  const bad = {
    ...good,
    'calc.py': CALC.replace('a - b', 'a + b').replace('a // 2', 'a'),
    'test_old.py': OLD_TEST.replace('== 2', '== 4'),
  }
  const bought = await prove(t, { base, fix: bad, command: BOTH, options: ['--runs', '1'] })
  t.is(bought.json.verdict, 'TESTS_CHANGED', bought.json.reason)
})
