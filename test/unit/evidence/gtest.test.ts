import test from 'ava'
import { readTestOutput } from '../../../src/engine/evidence/read-test-output.ts'
import gtest from '../../../src/engine/evidence/runners/gtest.ts'
import { runners } from '../../../src/engine/evidence/runners/index.generated.ts'
import { ids, recorded } from './recorded.ts'

const read = (name: string) => gtest.read(recorded(name).text)
const failed = (name: string) => read(name)?.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error')

const FAILED = [
  ['Calc.Adds', 13, 'Expected equality of these values: add(2, 3) (Which is: -1), 5, sum'],
  ['Calc.True', 17, 'Value of: add(1, 1) == 2, Actual: false, Expected: true'],
  ['Calc.Throws', null, 'C++ exception with description "no" thrown in the test body.'],
  ['Calc.Text', 29, 'Expected equality of these values: text (Which is: "one\\ntwo"), "one\\nthree"'],
  ['Calc.Traced', 43, 'Expected equality of these values: add(a, 1) (Which is: 0), a + 1 (Which is: 2)'],
  ['Typed/1.Sized', 41, 'Expected equality of these values: sizeof(TypeParam) (Which is: 8), 4u (Which is: 4)'],
  [
    'Small/Sums.Double/1',
    34,
    'Expected equality of these values: add(GetParam(), GetParam()) (Which is: 0), 2 * GetParam() (Which is: 2)',
  ],
] as const

for (const name of ['gtest-default', 'gtest-no-time'])
  test(`${name}: every test by name, what it expected and where`, (t) => {
    const report = read(name)
    t.deepEqual(report?.counts, { passed: 6, failed: 7, errors: 0, skipped: 2 })
    t.true(report?.named)
    t.deepEqual(ids(report, 'passed'), [
      'Calc.AddsZero',
      'Calc.Prints',
      'Typed/0.Sized',
      'Small/Sums.Zero/0',
      'Small/Sums.Zero/1',
      'Small/Sums.Double/0',
    ])
    t.deepEqual(ids(report, 'skipped'), ['Calc.Later', 'Calc.DISABLED_Slow'])
    t.deepEqual(
      failed(name),
      FAILED.map(([id, line, message]) => ({
        ...{ id, outcome: 'failed', message },
        ...(line === null ? {} : { file: 't/calc_test.cc', line }),
      })),
    )
  })

test('--gtest_brief=1: counts and failures, without names of what passed', (t) => {
  const report = read('gtest-brief')
  t.like(report, { counts: { passed: 6, failed: 7, errors: 0, skipped: 1 }, named: false })
  t.deepEqual(
    ids(report, 'failed'),
    FAILED.map(([id]) => id),
  )
  t.like(report?.tests[1], { id: 'Calc.True', file: 't/calc_test.cc', line: 17 })
})

test('what fails outside of all tests is told, and stands instead of them', (t) => {
  const found = (name: string) => [...(gtest.insteadOf?.(read(name)?.tests ?? []) ?? [])]
  t.deepEqual(failed('gtest-suite'), [
    {
      ...{ id: 'Broken: SetUpTestSuite or TearDownTestSuite', outcome: 'error', message: 'Failed, no data' },
      ...{ file: 't/broken_test.cc', line: 4 },
    },
    {
      ...{ id: 'SetUpFails.One', outcome: 'failed', message: 'Expected equality of these values: 1, 2, set-up' },
      ...{ file: 't/broken_test.cc', line: 9 },
    },
  ])
  t.deepEqual(read('gtest-suite')?.counts, { passed: 0, failed: 1, errors: 1, skipped: 1 })
  t.deepEqual(found('gtest-suite'), [['Broken: SetUpTestSuite or TearDownTestSuite', 'Broken.']])
  t.like(read('gtest-teardown'), { counts: { passed: 1, failed: 0, errors: 1, skipped: 0 } })
  t.deepEqual(found('gtest-teardown'), [['Left: SetUpTestSuite or TearDownTestSuite', 'Left.']])
  t.like(failed('gtest-environment')?.[0], { message: 'Failed, no server', file: 't/env_test.cc', line: 3 })
  t.deepEqual(found('gtest-environment'), [['Global test environment set-up', '']])
  t.deepEqual(found('gtest-default'), [])
})

test('a program that ended in a test names it and where, and takes no test of another program with it', (t) => {
  const crashed = {
    ...{ id: 'Crash.Asserts', outcome: 'failed', file: 't/crash_test.cc', line: 5 },
    message: "crash_test: t/crash_test.cc:5: virtual void Crash_Asserts_Test::TestBody(): Assertion `n == 2' failed.",
  }
  t.deepEqual(failed('gtest-crash'), [crashed])
  t.deepEqual(read('gtest-crash')?.counts, { passed: 1, failed: 1, errors: 0, skipped: 0 })
  t.deepEqual(failed('gtest-two'), [crashed])
  t.deepEqual(read('gtest-two')?.counts, { passed: 4, failed: 1, errors: 0, skipped: 0 })
})

test('the tests of all programs are counted', (t) => {
  const twice = recorded('gtest-suite').text + recorded('gtest-passed').text
  t.like(gtest.read(twice), { counts: { passed: 3, failed: 1, errors: 1, skipped: 1 } })
  t.like(read('gtest-repeat'), { counts: { passed: 6, failed: 0, errors: 0, skipped: 0 }, named: false })
})

test('versions that say test cases in place of test suites are read', (t) => {
  const old = recorded('gtest-default').text.replaceAll(' test suites', ' test cases')
  t.true(gtest.recognises('', old))
  t.deepEqual(gtest.read(old), read('gtest-default'))
})

test('no tests, and an option that is unknown', (t) => {
  const invalid = (name: string) => gtest.invalid(recorded(name).text, recorded(name).execution)?.reason
  t.is(invalid('gtest-none'), 'GoogleTest ran no tests')
  t.is(invalid('gtest-usage'), 'GoogleTest printed its help and ran no tests')
  for (const name of ['gtest-default', 'gtest-brief', 'gtest-environment', 'gtest-crash', 'gtest-passed'])
    t.is(invalid(name), undefined, name)
})

test('a script is told by its output; where ctest shows an output, ctest alone is heard', (t) => {
  const kind = (command: string, name: string) =>
    readTestOutput(command, recorded(name).execution, runners).tests?.runner
  t.is(kind('./build_and_test.sh', 'gtest-default'), 'gtest')
  t.is(kind('./build_and_test.sh', 'ctest-gtest'), 'ctest')
  t.is(kind('ctest --test-dir build', 'ctest-gtest'), 'ctest')
})

test('absl for Python marks its results alike, and is not taken for it', (t) => {
  const absl = '[ RUN      ] CalcTest.test_adds\n[  FAILED  ] CalcTest.test_adds\n'
  t.false(gtest.recognises('python3 calc_test.py', absl))
  t.is(gtest.read(absl), null)
})

test('a failing test is added to files of C++ that hold tests', (t) => {
  const added = (path: string, text: string) => gtest.addFailingTest(path, text, 'pp_added')
  const text = '#include <gtest/gtest.h>\n\nTEST(Calc, Adds) {}\n'
  t.is(added('t/a.cc', text), `${text}\nTEST(Added, pp_added) {\n  FAIL() << "pp_added";\n}\n`)
  t.truthy(added('t/a.cpp', 'TYPED_TEST_P(Calc, Adds) {}\n'))
  t.is(added('t/a.c', text), null)
  t.is(added('t/a.cc', 'int main() {}\n'), null)
})
