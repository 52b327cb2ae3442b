import test from 'ava'
import { compareSuites } from '../../../../src/engine/core/verdict/compare-suites.ts'
import { NO_MOVES } from '../../../../src/engine/core/verdict/test-name-moves.ts'
import type { TestOutcome, TestReport } from '../../../../src/engine/model/evidence.ts'

function report(outcomes: Readonly<Record<string, TestOutcome>>): TestReport {
  const all = Object.values(outcomes)
  const count = (of: TestOutcome) => all.filter((one) => one === of).length
  return {
    runner: 'mocha',
    counts: { passed: count('passed'), failed: count('failed'), errors: 0, skipped: count('skipped') },
    tests: Object.entries(outcomes).map(([id, outcome]) => ({ id, outcome })),
    named: true,
  }
}

const HOOK = 'calc > "before each" hook for "one"'
const insteadOf = new Map([[HOOK, 'calc > ']])
const compare = (red: TestReport, final: TestReport) => compareSuites(red, final, { moves: NO_MOVES, insteadOf })

test('a hook that failed goes away where the tests behind it pass', (t) => {
  t.true(compare(report({ [HOOK]: 'failed' }), report({ 'calc > one': 'passed', 'calc > two': 'passed' })).ok)
})

test('a hook that failed has not become a test elsewhere', (t) => {
  const end = compare(report({ [HOOK]: 'failed' }), report({ 'other > one': 'passed' }))
  t.is(end.ok ? '' : end.reason, `test vanished: ${HOOK}`)
})

test('fewer tests in the place of a hook than before have vanished', (t) => {
  const red = report({ 'calc > one': 'passed', 'calc > two': 'failed', [HOOK]: 'failed' })
  t.false(compare(red, report({ 'calc > one': 'passed' })).ok)
  t.false(compare(red, report({ 'calc > one': 'passed', 'calc > three': 'passed' })).ok)
})
