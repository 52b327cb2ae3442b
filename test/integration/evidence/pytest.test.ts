import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import { withFirstLines } from '../../../src/engine/core/failure/index.ts'
import { breakForPytest } from '../../../src/engine/evidence/runners/lib/break-python.ts'
import { readJunit } from '../../../src/engine/evidence/runners/lib/junit.ts'
import pytest from '../../../src/engine/evidence/runners/pytest.ts'
import { ids, project, recorded, run } from '../../unit/evidence/recorded.ts'

const read = (name: string) => {
  const report = pytest.read(recorded(name).text)
  return report && withFirstLines(report)
}
const invalid = (name: string) => pytest.invalid(recorded(name).text, recorded(name).execution)

const failed = [
  'tests/test_cart.py::CartTest::test_rest',
  'tests/test_cart.py::CartTest::test_share',
  'tests/test_cart.py::CartTest::test_total',
  'tests/test_plain.py::test_total',
  'tests/test_plain.py::test_share[0]',
  'tests/test_plain.py::test_share[a b - [c]]',
  'tests/test_plain.py::test_prints',
]
const errors = ['tests/test_plain.py::test_fixture', 'tests/test_plain.py::test_teardown']
const counts = { passed: 6, failed: 6, errors: 2, skipped: 4 }

for (const name of [
  'pytest-default',
  'pytest-q',
  'pytest-qq',
  'pytest-v',
  'pytest-s-v',
  'pytest-short',
  'pytest-line',
  'pytest-no',
  'pytest-rA',
  'pytest-xdist-v',
])
  test(`${name}: the same failures, errors and counts in every verbosity`, (t) => {
    const report = read(name)
    t.deepEqual(report?.counts, counts)
    t.deepEqual(ids(report, 'failed').sort(), [...failed].sort())
    t.deepEqual(ids(report, 'error').sort(), [...errors].sort())
  })

test('every test is named by -v, by -v of xdist and under -s', (t) => {
  for (const name of ['pytest-v', 'pytest-xdist-v', 'pytest-s-v']) {
    const report = read(name)
    t.true(report?.named, name)
    t.deepEqual(ids(report, 'passed', 'xpassed').sort(), [
      'tests/test_cart.py::CartTest::test_fine',
      'tests/test_plain.py::test_better',
      'tests/test_plain.py::test_nothing',
      'tests/test_plain.py::test_share[1]',
    ])
  }
  t.false(read('pytest-q')?.named)
})

test('a failure has the whole first line of why and the place where it was raised', (t) => {
  const share = read('pytest-default')?.tests.find(({ id }) => id.endsWith('test_share[a b - [c]]'))
  t.like(share, {
    message: "TypeError: unsupported operand type(s) for /: 'int' and 'str'",
    file: 'shop/cart.py',
    line: 6,
  })
})

test('several invocations in one output add up', (t) => {
  t.deepEqual(read('pytest-twice')?.counts, counts)
  t.deepEqual(ids(read('pytest-twice'), 'failed').sort(), [...failed].sort())
})

test('without a summary the counts remain', (t) => {
  t.like(read('pytest-nosummary'), { counts: { ...counts, failed: 7 }, tests: [], named: false })
})

test('a module that cannot be collected is an error under its path, and no usage error', (t) => {
  t.deepEqual(ids(read('pytest-collect'), 'error'), [
    'broken/test_gone.py',
    'broken/test_left.py',
    'broken/test_syntax.py',
  ])
  t.is(read('pytest-collect')?.tests[0]?.message, "ModuleNotFoundError: No module named 'shop.gone'")
  t.is(read('pytest-collect')?.tests[2]?.message, 'SyntaxError: invalid syntax')
  t.is(invalid('pytest-collect'), null)
})

test('a conftest that cannot be loaded may be the bug, so it is no usage error', (t) => {
  t.is(invalid('pytest-conftest'), null)
})

test('usage errors and empty collections say nothing about a bug', (t) => {
  t.is(
    invalid('pytest-usage')?.reason,
    'pytest could not start (exit status 4): unrecognized arguments: --nosuchoption',
  )
  t.regex(invalid('pytest-missing')?.reason ?? '', /file or directory not found: tests\/nothing\.py/)
  t.is(invalid('pytest-empty')?.reason, 'pytest found no tests (exit status 5)')
})

test('text that is no output of pytest holds no report', (t) => {
  t.is(pytest.read('3 passed\nhello in 3s\n'), null)
  t.false(pytest.recognises('make test', 'all 3 passed today'))
})

const suite = `import pytest
from shop import half


class TestHalf:
    class TestOdd:
        def test_odd(self):
            assert half(3) == 1


@pytest.mark.parametrize('n', [2, 4])
def test_even(n):
    assert half(n) * 2 == n


def test_markup():
    assert half(2) == '<&"]]>'


@pytest.mark.skip
def test_later():
    pass
`

test('the test listing names every test with the ids that pytest prints', async (t) => {
  const dir = await project(t, {
    'shop.py': 'def half(n):\n    return n // 2 + (n == 4)\n',
    'tests/test_half.py': suite,
    'tests/test_broken.py': 'import shop.gone\n',
    'out/.keep': '',
  })
  const testListing = pytest.testListing()
  const env = { ...testListing.env(join(dir, 'out')), PYTHONPATH: dir }
  const argv = ['python3', '-m', 'pytest', '-v', '-p', 'no:cacheprovider', '--continue-on-collection-errors']
  const done = await run(dir, argv, env)
  const report = testListing.read?.(new Map([['pytest.xml', await readFile(join(dir, 'out/pytest.xml'))]]))
  t.deepEqual(report?.counts, { passed: 2, failed: 2, errors: 1, skipped: 1 })
  t.true(report?.named)
  t.deepEqual(ids(report, 'passed'), [
    'tests/test_half.py::TestHalf::TestOdd::test_odd',
    'tests/test_half.py::test_even[2]',
  ])
  t.like(
    report?.tests.find(({ id }) => id.endsWith('test_markup')),
    {
      outcome: 'failed',
      message: "assert 1 == '<&\"]]>'",
    },
  )
  const plain = pytest.read(printedText(done))
  t.deepEqual(report?.tests.map(({ id }) => id).sort(), plain?.tests.map(({ id }) => id).sort())
})

test('a report that was cut short is not a test listing', (t) => {
  t.is(readJunit('<testsuites><testsuite><testcase classname="a" name="b"><failure message="x'), null)
  t.is(readJunit('<html></html>'), null)
})

test('entities of a document type are not expanded', (t) => {
  const xml =
    '<!DOCTYPE x [<!ENTITY lol "ha">]><testsuite><testcase classname="a" name="&lol;&#65;&#x42;&lt;"/></testsuite>'
  t.is(readJunit(xml)?.[0]?.name, '&lol;AB<')
})

test('an added failing test fails, under its name', async (t) => {
  for (const text of [
    'def test_one():\n    pass',
    'def test_one():\r\n    pass\r\n',
    suite.replace('from shop', '#'),
  ]) {
    const added = pytest.addFailingTest('tests/test_a.py', text, 'pp_added_1')
    const dir = await project(t, { 'tests/test_a.py': added ?? '' })
    const done = await run(dir, ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'])
    t.true(ids(pytest.read(printedText(done)), 'failed').includes('tests/test_a.py::test_pp_added_1'))
  }
})

test('a file without tests gets none', (t) => {
  t.is(pytest.addFailingTest('tests/conftest.py', 'import pytest\n', 'x'), null)
  t.is(pytest.addFailingTest('README.md', 'def test_a(): pass', 'x'), null)
})

test('each way of asserting and each failing test is broken, with the marks and fixtures that it has', async (t) => {
  const text = `import unittest
import pytest


@pytest.fixture
def two():
    return 2


@pytest.mark.parametrize("a", [1, 2])
def test_one(two, a):
    assert two == pytest.approx(a)


class TestGroup:
    def test_two(self):
        with pytest.raises(KeyError):
            {}[1]


class Sums(unittest.TestCase):
    def test_three(self):
        self.assertEqual(1, 1)
        self.assertTrue(True)
`
  const path = 'tests/test_a.py'
  const failed = ['test_one[1]', 'test_one[2]', 'TestGroup::test_two', 'Sums::test_three', 'test_gone', 'x - y']
  const { text: broken, words } = breakForPytest(
    text,
    'w',
    failed.map((id) => `${path}::${id}`),
  )
  t.deepEqual(words, ['w_s0', 'w_s1', 'w_s2', 'w_assertEqual', 'w_assertTrue', 'w_own0', 'w_own1', 'w_own2'])
  const dir = await project(t, { [path]: broken })
  const done = await run(dir, ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'])
  const report = pytest.read(printedText(done))
  t.like(report?.counts, { passed: 0, failed: 9, errors: 0 })
  const told = (report?.tests ?? []).map(({ id, message }) => `${id} ${message}`)
  for (const word of words)
    t.true(
      told.some((line) => line.includes(word)),
      word,
    )
})

test('a file that asserts in no known way is left as it is', (t) => {
  const text = 'def test_one():\n    check(1)\n'
  t.deepEqual(breakForPytest(text, 'w', []), { text, words: [] })
})
