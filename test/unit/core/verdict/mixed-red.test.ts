import test from 'ava'
import { mixedRed } from '../../../../src/engine/core/verdict/mixed-red.ts'
import type { TestReport } from '../../../../src/engine/model/evidence.ts'

function report(passed: number, failing: Readonly<Record<string, string>>): TestReport {
  const tests = Object.entries(failing).map(([id, message]) => ({ id, outcome: 'failed' as const, message }))
  return { runner: 'pytest', counts: { passed, failed: tests.length, errors: 0, skipped: 0 }, tests, named: false }
}

const BASE = report(1, { a: 'assert 1 == 2', b: 'assert 3 == 4' })

test('what is mended, and what fails as before, are told apart', (t) => {
  const found = mixedRed([BASE], report(2, { b: 'assert 3 == 4' }))
  t.deepEqual(found?.mended, ['a'])
  t.deepEqual(
    found?.still.map(({ id }) => id),
    ['b'],
  )
})

test('a test that passed before is never excused', (t) => {
  t.is(mixedRed([BASE], report(2, { b: 'assert 3 == 4', c: 'network is closed' })), null)
})

test('a test that fails for another reason than before is not as before', (t) => {
  t.is(mixedRed([BASE], report(2, { b: 'URLError: network is closed' })), null)
  t.is(mixedRed([BASE], report(2, { b: 'assert 3 == 5' })), null)
})

test('numbers do not count where two runs of the base gave others', (t) => {
  const again = report(1, { a: 'assert 1 == 2', b: 'assert 7 == 4' })
  t.truthy(mixedRed([BASE, again], report(2, { b: 'assert 9 == 4' })))
})

test('a test that is not there any more was not mended', (t) => {
  t.is(mixedRed([BASE], report(1, { b: 'assert 3 == 4' })), null)
})
