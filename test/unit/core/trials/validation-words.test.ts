import test from 'ava'
import { baseDifference, validationWords } from '../../../../src/engine/core/trials/index.ts'
import type { TestReport } from '../../../../src/engine/model/evidence.ts'

const BASE = { by: 'pytest', failing: ['a', 'b'], hanging: 0, passed: 1 }
const lines = (...said: readonly object[]) => said.map((one) => `${JSON.stringify(one)}\n`).join('')

test('the last word on a candidate counts, and what is no line is passed over', (t) => {
  const text = `${lines(BASE, { n: 0, is: 'slow' }, { n: 1, is: 'fails' }, { n: 0, is: 'passes' }, { n: -1, is: 'passes' })}{"n": 2, "is`
  const { base, words, cannot, dropped, spoilt } = validationWords(text)
  t.deepEqual(base, BASE)
  t.deepEqual([...words].sort(), [
    [0, 'passes'],
    [1, 'fails'],
  ])
  t.deepEqual([cannot, dropped, spoilt], [null, 0, false])
})

test('after a wrong control the words since the last right one are dropped', (t) => {
  const said = [BASE, { n: 0, is: 'fails' }, { control: true }, { n: 1, is: 'fails' }, { n: 2, is: 'passes' }]
  const { words, dropped, spoilt } = validationWords(lines(...said, { control: false }, { n: 3, is: 'fails' }))
  t.deepEqual([...words.keys()], [0])
  t.is(dropped, 2)
  t.true(spoilt)
})

test('nothing was met, or it cannot be used', (t) => {
  t.is(validationWords('').base, null)
  t.is(validationWords(lines({ cannot: 'it is tired' })).cannot, 'it is tired')
})

const EXITED = { how: 'exited', code: 1 } as const
function report(ids: readonly string[], failed = ids.length): TestReport {
  const tests = ids.map((id) => ({ id, outcome: 'failed' as const }))
  return { runner: 'pytest', counts: { passed: 1, failed, errors: 0, skipped: 0 }, tests, named: false }
}

test('the same tests fail in a validator and in the command, or the difference is told', (t) => {
  t.is(baseDifference(BASE, report(['a', 'b']), EXITED), null)
  t.is(baseDifference(BASE, report(['a', 'c']), EXITED), 'c does not fail in it')
  t.is(baseDifference(BASE, report(['a'], 1), EXITED), '2 tests fail in it, and 1 in the command')
  t.is(baseDifference(BASE, report(['a', 'b', 'b']), EXITED), null, 'a test and its tear-down')
  t.is(baseDifference(BASE, null, EXITED), null, 'nothing is known of the tests of the command')
})

test('a command that did not end has a test that hangs, and one that ended has none', (t) => {
  const late = { how: 'timed-out', afterMs: 5000, limit: 'hang-after' } as const
  t.is(baseDifference(BASE, null, late), 'no test hangs in it, but the command did not end')
  t.is(baseDifference({ ...BASE, hanging: 1 }, null, late), null)
  t.is(baseDifference({ ...BASE, hanging: 1 }, report(['a', 'b']), EXITED), 'a test hangs in it')
})
