import test from 'ava'
import { compareSuites, firstLostTest } from '../../../../src/engine/core/verdict/compare-suites.ts'
import type { TestOutcome, TestReport } from '../../../../src/engine/model/evidence.ts'

const report = (outcomes: Record<string, TestOutcome>, named = true): TestReport => {
  const all = Object.values(outcomes)
  const count = (...of: TestOutcome[]) => all.filter((one) => of.includes(one)).length
  return {
    runner: 'pytest',
    counts: { passed: count('passed'), failed: count('failed'), errors: count('error'), skipped: count('skipped') },
    tests: Object.entries(outcomes).map(([id, outcome]) => ({ id, outcome })),
    named,
  }
}

test('a failed test that passes has flipped, and one that passed before stays the same', (t) => {
  const suite = compareSuites(report({ a: 'failed', b: 'passed' }), report({ a: 'passed', b: 'passed' }))
  t.deepEqual(suite, { ok: true, flipped: ['a'], same: 1, unsure: [] })
})

test('a test that vanished is named', (t) => {
  const suite = compareSuites(report({ a: 'failed', b: 'passed' }), report({ a: 'passed' }))
  t.deepEqual(suite, { ok: false, reason: 'test vanished: b' })
})

test('a test that became skipped is named', (t) => {
  const suite = compareSuites(report({ a: 'failed' }), report({ a: 'skipped' }))
  t.deepEqual(suite, { ok: false, reason: 'test became skipped: a' })
})

test('a test that was expected to fail before may stay so', (t) => {
  t.true(compareSuites(report({ a: 'failed', b: 'xfailed' }), report({ a: 'passed', b: 'xfailed' })).ok)
})

test('a failed test that is expected to fail now is not a passed one', (t) => {
  t.false(compareSuites(report({ a: 'failed' }), report({ a: 'xfailed' })).ok)
})

test('a file that could not be collected may give way to its tests', (t) => {
  t.true(compareSuites(report({ 'tests/test_a.py': 'error' }), report({ 'tests/test_a.py::test_x': 'passed' })).ok)
})

test('fewer tests than before is a vanished test, also without names', (t) => {
  const suite = compareSuites(report({ a: 'failed', b: 'passed' }, false), report({ a: 'passed' }, false))
  t.deepEqual(suite, { ok: false, reason: 'tests vanished: 2 before the change, 1 after it' })
})

test('more skipped tests than before are told, also without names', (t) => {
  const suite = compareSuites(report({ a: 'failed', b: 'passed' }, false), report({ a: 'passed', b: 'skipped' }, false))
  t.is(suite.ok ? '' : suite.reason, 'tests became skipped: 0 before the change, 1 after it')
})

test('a suite that is no longer counted is no green', (t) => {
  const suite = compareSuites(report({ a: 'failed' }), null)
  t.is(suite.ok ? '' : suite.reason, 'pytest counted tests without the change, but none with it')
})

test('a command that ends well while its runner reports failures is no green', (t) => {
  t.false(compareSuites(report({ a: 'failed' }, false), report({ a: 'failed' }, false)).ok)
})

test('a command that no runner counted cannot be compared', (t) => {
  const unsure = ['no test ran without the change; with it 1 ran and is green']
  t.deepEqual(compareSuites(null, report({ a: 'passed' })), { ok: true, flipped: [], same: null, unsure })
})

test('a test that the change itself skips is named, if the old version of it passes', (t) => {
  t.is(
    firstLostTest(report({ a: 'passed', b: 'passed' }), report({ a: 'passed', b: 'skipped' })),
    'test became skipped: b',
  )
  t.is(firstLostTest(report({ a: 'passed', b: 'skipped' }), report({ a: 'passed', b: 'skipped' })), null)
  t.is(firstLostTest(report({ a: 'passed' }), report({ a: 'passed', b: 'skipped' })), null)
})

test('without names a test is skipped anew where fewer pass and more are skipped', (t) => {
  const old = report({ a: 'passed', b: 'passed' }, false)
  t.regex(
    firstLostTest(old, report({ a: 'passed', b: 'skipped' }, false)) ?? '',
    /^tests became skipped: 1 with the tests of the change, but 0 /,
  )
  t.is(firstLostTest(old, report({ a: 'passed', b: 'passed', c: 'skipped' }, false)), null)
  t.regex(
    firstLostTest(old, report({ a: 'passed' }, false)) ?? '',
    /^tests vanished: 1 ran with the tests of the change, but 2 /,
  )
})

test('a test that the change takes away is named, and one that moved to another file is not', (t) => {
  const old = report({ 'test_a.py::test_x': 'passed', 'test_a.py::test_y': 'passed' })
  t.is(firstLostTest(old, report({ 'test_a.py::test_x': 'passed' })), 'test vanished: test_a.py::test_y')
  t.is(firstLostTest(old, report({ 'tests/test_b.py::test_x': 'passed', 'tests/test_b.py::test_y': 'passed' })), null)
  const once = report({ 'test_a.py::test_x': 'passed', 'test_c.py::test_x': 'passed' })
  t.is(firstLostTest(once, report({ 'test_b.py::test_x': 'passed' })), 'test vanished: test_c.py::test_x')
  t.is(
    firstLostTest(old, report({ 'test_a.py::test_x': 'passed', 'b.py::test_y': 'skipped' })),
    'test vanished: test_a.py::test_y',
  )
})

for (const [whole, ...cases] of [
  ['test_a.py::test_x', 'test_a.py::test_x[1-2]', 'test_a.py::test_x[3-4]'],
  ['calc > adds', 'calc > adds > small numbers', 'calc > adds > large numbers'],
  ['test_x (a.Sums)', 'test_x (a.Sums) (n=1)'],
] as const)
  test(`a test that was split into cases did not vanish: ${whole}`, (t) => {
    const old = report({ [whole]: 'passed' })
    const passing = Object.fromEntries(cases.map((id) => [id, 'passed' as const]))
    t.is(firstLostTest(old, report(passing)), null)
    const skipped = Object.fromEntries(cases.map((id) => [id, 'skipped' as const]))
    t.is(firstLostTest(old, report(skipped)), `test vanished: ${whole}`)
    t.is(firstLostTest(report({ ...passing, [whole]: 'passed' }), report(passing)), `test vanished: ${whole}`)
    t.is(firstLostTest(old, report({ [`${whole}s`]: 'passed' })), `test vanished: ${whole}`)
  })

test('skips count only against runs that got to those tests', (t) => {
  const unloaded = report({ 'tests/test_a.py': 'error' }, false)
  const whole = { ...report({}, false), counts: { passed: 20, failed: 0, errors: 0, skipped: 1 } }
  t.true(compareSuites(unloaded, whole).ok)
  const onlySkips = { ...whole, counts: { passed: 0, failed: 0, errors: 0, skipped: 21 } }
  t.is(skipReason(compareSuites(unloaded, onlySkips)), 'tests became skipped: 0 before the change, 21 after it')
})

function skipReason(suite: ReturnType<typeof compareSuites>): string {
  return suite.ok ? '' : suite.reason
}
