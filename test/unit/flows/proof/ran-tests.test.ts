import test from 'ava'
import { ranTests } from '../../../../src/engine/flows/proof/baseline.ts'
import type { TestCase } from '../../../../src/engine/model/evidence.ts'

const files = new Set(['test/new.js'])

function ran(passed: number, ids: readonly string[], insteadOf: readonly string[] = []): boolean {
  const tests = ids.map((id): TestCase => ({ id, outcome: 'failed' }))
  const counts = { passed, failed: ids.length, errors: 0, skipped: 0 }
  return ranTests(
    { tests: { runner: 'tap', counts, tests, named: true }, insteadOf: new Map(insteadOf.map((id) => [id, `${id}.`])) },
    files,
  )
}

test('a test that passed or failed ran; a file that could not be loaded is no test', (t) => {
  t.true(ran(1, []))
  t.true(ran(0, ['adds']))
  t.true(ran(0, ['test/new.js', 'adds']))
  t.false(ran(0, ['test/new.js']))
  t.false(ran(0, ['test_new'], ['test_new']))
  t.false(ran(0, []))
  t.false(ranTests({ tests: null, insteadOf: new Map() }, files))
})
