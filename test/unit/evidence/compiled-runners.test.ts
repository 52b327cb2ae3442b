import test from 'ava'
import { locations } from '../../../src/engine/core/locations/locations.ts'
import bats from '../../../src/engine/evidence/runners/bats.ts'
import cargo from '../../../src/engine/evidence/runners/cargo.ts'
import ctest from '../../../src/engine/evidence/runners/ctest.ts'
import unity from '../../../src/engine/evidence/runners/unity.ts'
import type { Runner } from '../../../src/engine/ports/runner.ts'
import { execution, ids, recorded } from './recorded.ts'

const read = (runner: Runner, name: string) => runner.read(recorded(name).text, recorded(name).execution)
const invalid = (runner: Runner, name: string) => runner.invalid(recorded(name).text, recorded(name).execution)

test('cargo test: every test by crate and file, although tests and crates are printed on two streams', (t) => {
  const report = read(cargo, 'cargo-all')
  t.deepEqual(report?.counts, { passed: 4, failed: 3, errors: 0, skipped: 1 })
  t.true(report?.named)
  t.deepEqual(ids(report, 'passed').sort(), [
    'it:tests/it.rs > whole',
    'shop:src/lib.rs > tests::adds',
    'shop:src/lib.rs > tests::panics',
    'shop:src/main.rs > in_main',
  ])
  t.deepEqual(ids(report, 'failed'), [
    'shop:src/lib.rs > tests::result',
    'shop:src/lib.rs > tests::wrong',
    'shop:doc > src/lib.rs - add (line 2)',
  ])
  t.deepEqual(ids(report, 'skipped'), ['shop:src/lib.rs > tests::slow'])
})

test('cargo test: what was expected and where it broke', (t) => {
  for (const name of ['cargo-all', 'cargo-q', 'cargo-default'])
    t.like(
      read(cargo, name)?.tests.find(({ id }) => id.endsWith('tests::wrong')),
      {
        outcome: 'failed',
        message: 'assertion `left == right` failed: sum (left: 3, right: 4)',
        file: 'src/lib.rs',
        line: 11,
      },
      name,
    )
  t.is(read(cargo, 'cargo-all')?.tests.find(({ id }) => id.endsWith('tests::result'))?.message, 'Error: "no"')
})

test('cargo test: a test binary that ends before its summary has a failing test, or is one error', (t) => {
  const overflow = read(cargo, 'cargo-overflow')
  t.deepEqual(overflow?.counts, { passed: 2, failed: 1, errors: 0, skipped: 0 })
  t.like(
    overflow?.tests.find(({ outcome }) => outcome === 'failed'),
    { id: 'deep:tests/deep.rs > unbounded', message: 'has overflowed its stack' },
  )
  const aborted = read(cargo, 'cargo-abort')
  t.deepEqual(aborted?.counts, { passed: 2, failed: 0, errors: 1, skipped: 0 })
  t.like(
    aborted?.tests.find(({ outcome }) => outcome === 'error'),
    { id: 'deep:tests/deep.rs', message: 'signal: 6, SIGABRT: process abort signal' },
  )
  for (const name of ['cargo-overflow', 'cargo-abort'])
    t.is(cargo.invalid(recorded(name).text, recorded(name).execution), null)
})

test('cargo test -q: counts and failures, without names of what passed', (t) => {
  t.like(read(cargo, 'cargo-q'), { counts: { passed: 4, failed: 3, errors: 0, skipped: 1 }, named: false })
})

test('cargo test: a target that does not compile is an error with its place, and stands instead of tests', (t) => {
  const report = read(cargo, 'cargo-build')
  t.deepEqual(ids(report, 'error'), ['shop-lib', 'shop-lib-test'])
  t.like(report?.tests[0], {
    message: 'error[E0425]: cannot find value `c` in this scope',
    file: 'src/lib.rs',
    line: 5,
  })
  t.deepEqual(
    [...(cargo.insteadOf?.(report?.tests ?? []) ?? [])],
    [
      ['shop-lib', ''],
      ['shop-lib-test', ''],
    ],
  )
  t.is(invalid(cargo, 'cargo-build'), null)
})

test('cargo test: nothing that ran, and targets that are not there', (t) => {
  t.is(invalid(cargo, 'cargo-none')?.reason, 'cargo test ran no tests')
  t.is(invalid(cargo, 'cargo-norun')?.reason, 'cargo test ran no tests')
  t.regex(invalid(cargo, 'cargo-target')?.reason ?? '', /no test target named `nosuch`/)
  t.regex(invalid(cargo, 'cargo-usage')?.reason ?? '', /unexpected argument '--bogus' found/)
  t.is(invalid(cargo, 'cargo-all'), null)
})

const UNITY = `test/test_calc.c:12:test_adds:PASS
test/test_calc.c:21:test_truth:FAIL: Expected TRUE Was FALSE
test/test_calc.c:25:test_later:IGNORE: not yet

-----------------------
3 Tests 1 Failures 1 Ignored 
FAIL
`

test('Unity: the failing line is told whole, and its place is known', (t) => {
  const report = unity.read(UNITY)
  t.deepEqual(report?.counts, { passed: 1, failed: 1, errors: 0, skipped: 1 })
  t.deepEqual(report?.tests, [
    { id: 'test/test_calc.c > test_adds', outcome: 'passed' },
    {
      id: 'test/test_calc.c > test_truth',
      outcome: 'failed',
      message: 'FAIL: Expected TRUE Was FALSE',
      file: 'test/test_calc.c',
      line: 21,
    },
    { id: 'test/test_calc.c > test_later', outcome: 'skipped' },
  ])
  t.true(report?.named)
  t.true(locations(UNITY).some(({ path, line }) => path === 'test/test_calc.c' && line === 21))
  const none = '0 Tests 0 Failures 0 Ignored\nOK\n'
  t.is(unity.invalid(none, execution(none, 0))?.reason, 'Unity ran no tests')
})

test('ctest: each program is a test; what it printed is told', (t) => {
  const report = read(ctest, 'ctest-default')
  t.deepEqual(report?.counts, { passed: 1, failed: 3, errors: 1, skipped: 2 })
  t.deepEqual(ids(report, 'failed'), ['two.bad', 'segv', 'slow'])
  t.deepEqual(ids(report, 'error'), ['three'])
  t.like(
    read(ctest, 'ctest-output')?.tests.find(({ id }) => id === 'two.bad'),
    {
      message: 'foo.c:12: assertion failed',
      file: 'foo.c',
      line: 12,
    },
  )
})

test('ctest: no tests, and none that was built', (t) => {
  t.is(invalid(ctest, 'ctest-none')?.reason, 'ctest found no tests')
  t.is(invalid(ctest, 'ctest-unbuilt')?.reason, 'ctest ran no test: the program /nonexistent/prog does not exist')
  t.is(invalid(ctest, 'ctest-default'), null)
})

for (const name of ['bats-tap', 'bats-pretty'])
  test(`${name}: every test, why it failed and where`, (t) => {
    const report = read(bats, name)
    t.deepEqual(report?.counts, { passed: 1, failed: 2, errors: 0, skipped: 1 })
    t.deepEqual(ids(report, 'failed'), ['wrong sum', 'dies (x)'])
    t.like(
      report?.tests.find(({ id }) => id === 'dies (x)'),
      { message: "`false' failed: telling", file: 'a.bats', line: 6 },
    )
  })

test('bats: no test, a file that is missing, a set-up that failed', (t) => {
  t.is(invalid(bats, 'bats-empty')?.reason, 'bats found no tests')
  t.regex(
    invalid(bats, 'bats-missing')?.reason ?? '',
    /^bats could not start: Test file .*nosuch\.bats" does not exist$/,
  )
  t.deepEqual([...(bats.insteadOf?.(read(bats, 'bats-setup')?.tests ?? []) ?? [])], [['setup_file failed', '']])
})
