import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import { breakForUnittest } from '../../../src/engine/evidence/runners/lib/break-python.ts'
import unittest from '../../../src/engine/evidence/runners/unittest.ts'
import { execution, ids, project, recorded, run } from './recorded.ts'

const read = (name: string) => unittest.read(recorded(name).text)
const invalid = (name: string) => unittest.invalid(recorded(name).text, recorded(name).execution)

test('failures, errors and counts, where a failed subtest is part of its test', (t) => {
  for (const name of ['unittest-default', 'unittest-v']) {
    const report = read(name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 1, skipped: 2 })
    t.deepEqual(ids(report, 'failed'), ['tests.test_cart.CartTest.test_rest', 'tests.test_cart.CartTest.test_total'])
    t.deepEqual(ids(report, 'error'), ['tests.test_cart.CartTest.test_share'])
  }
})

test('-v names every test, also those with a docstring', (t) => {
  t.true(read('unittest-v')?.named)
  t.deepEqual(ids(read('unittest-v'), 'passed', 'skipped', 'xfailed'), [
    'tests.test_cart.CartTest.test_fine',
    'tests.test_cart.CartTest.test_known',
    'tests.test_cart.CartTest.test_slow',
  ])
})

test('a failure has its exception and the last own frame', (t) => {
  t.like(read('unittest-default')?.tests[0], {
    message: 'ZeroDivisionError: division by zero',
    file: '/repo/shop/cart.py',
    line: 6,
  })
})

test('titles of Python before 3.11 give the same ids', (t) => {
  const old = recorded('unittest-default').text.replaceAll(/ \((tests\.test_cart\.CartTest)\.\w+\)/g, ' ($1)')
  const report = unittest.read(old)
  t.deepEqual(report?.tests, read('unittest-default')?.tests)
})

test('several runs in one output add up', (t) => {
  const { text } = recorded('unittest-passed')
  t.is(unittest.read(text + text)?.counts.passed, 2)
})

test('zero tests, wrong options and names that are not there say nothing about a bug', (t) => {
  const { text } = recorded('unittest-none')
  t.is(unittest.invalid(text.replace('\nOK', '\nNO TESTS RAN'), execution('', 5))?.reason, 'unittest found no tests')
  t.is(invalid('unittest-none')?.reason, 'unittest found no tests')
  t.regex(invalid('unittest-usage')?.reason ?? '', /unrecognized arguments: --nosuchoption/)
  t.regex(invalid('unittest-discover')?.reason ?? '', /Start directory is not importable/)
  t.regex(invalid('unittest-attr')?.reason ?? '', /a test that does not exist/)
  t.is(invalid('unittest-default'), null)
  t.is(invalid('unittest-missing'), null)
})

test('an added failing test fails, also before a guard at the end', async (t) => {
  const head = 'from unittest import TestCase\n\n\nclass A(TestCase):\n    def test_a(self):\n        pass\n'
  const guard = "\n\nif __name__ == '__main__':\n    import unittest\n    unittest.main()\n"
  for (const [text, argv] of [
    [head, ['-m', 'unittest', 'test_a']],
    [head + guard, ['test_a.py']],
    [(head + guard).replaceAll('\n', '\r\n'), ['test_a.py']],
  ] as const) {
    const added = unittest.addFailingTest('test_a.py', text, 'pp_added_1')
    const dir = await project(t, { 'test_a.py': added ?? '' })
    const done = await run(dir, ['python3', ...argv])
    const report = unittest.read(printedText(done))
    t.like(report?.counts, { passed: 1, failed: 1 })
    t.regex(ids(report, 'failed')[0] ?? '', /test_pp_added_1$/)
  }
})

test('a file without a TestCase gets no test', (t) => {
  t.is(unittest.addFailingTest('test_a.py', 'def test_a():\n    pass\n', 'x'), null)
})

test('each method and each failing test is broken, before a guard at the end', async (t) => {
  const text = `import unittest


class A(unittest.TestCase):
    def test_a(self):
        self.assertIn(1, [1])
        self.assertRaises(KeyError, lambda: {}[1])


if __name__ == '__main__':
    unittest.main()
`
  const { text: broken, words } = breakForUnittest(text, 'w', ['test_a.A.test_a', 'test_a.A.test_gone'])
  t.deepEqual(words, ['w_assertIn', 'w_assertRaises', 'w_own0'])
  const dir = await project(t, { 'test_a.py': broken })
  const report = unittest.read(printedText(await run(dir, ['python3', 'test_a.py'])))
  t.like(report?.counts, { passed: 0, failed: 3 })
  const told = (report?.tests ?? []).map(({ id, message }) => `${id} ${message}`)
  for (const word of words)
    t.true(
      told.some((line) => line.includes(word)),
      word,
    )
})
