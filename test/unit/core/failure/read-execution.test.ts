import test from 'ava'
import { readExecution } from '../../../../src/engine/core/failure/read-execution.ts'
import type { Ended, Execution } from '../../../../src/engine/model/evidence.ts'

const stream = { bytes: 0, sha256: '0'.repeat(64), truncated: false, redactions: 0, kept: new Uint8Array() }
const execution = (ended: Ended, durationMs = 100): Execution => ({
  ended,
  startedAt: '2024-01-02T03:04:05.000Z',
  durationMs,
  stdout: stream,
  stderr: stream,
  reports: new Map(),
})
const rules = { hangAfterMs: null, invalid: null, tests: null, headline: '' }

test('exit status 0 is green', (t) => {
  t.is(readExecution(execution({ how: 'exited', code: 0 }), rules).is, 'green')
})

test('any other exit status is red, for the reason that the output gives', (t) => {
  t.deepEqual(readExecution(execution({ how: 'exited', code: 3 }), { ...rules, headline: 'AssertionError' }), {
    is: 'red',
    reason: 'AssertionError',
    failing: [],
  })
})

test('a red of several tests tells the first with its own message, and never with that of another', (t) => {
  const failed = { how: 'exited', code: 1 } as const
  const counts = { passed: 0, failed: 2, errors: 0, skipped: 0 }
  const reasonOf = (message: object) => {
    const tests = [{ id: 'test_zulu', outcome: 'failed' as const, message: 'zulu is off' }]
    const report = { runner: 'r', counts, named: true, tests: [...tests, { id: 'test_micro', ...message }] }
    const all = report.tests.map((one) => ({ outcome: 'failed' as const, ...one }))
    const red = readExecution(execution(failed), {
      ...rules,
      headline: 'zulu is off',
      tests: { ...report, tests: all },
    })
    return red.is === 'red' && red.reason
  }
  t.is(reasonOf({ message: 'micro is off' }), 'micro is off')
  t.is(reasonOf({}), 'test_micro')
})

test('exit status 0 without a test is not green', (t) => {
  const invalid = { reason: 'no tests ran', mend: 'name a file' }
  t.is(readExecution(execution({ how: 'exited', code: 0 }), { ...rules, invalid }).is, 'invalid')
})

test('a crash is red', (t) => {
  t.is(readExecution(execution({ how: 'signalled', signal: 'SIGSEGV' }), rules).is, 'red')
})

test('a command that could not be run decides nothing', (t) => {
  t.is(readExecution(execution({ how: 'not-run', reason: 'no such program' }), rules).is, 'undecided')
})

test('a command whose program is not there is no red, and the mend is told', (t) => {
  const ended = { how: 'not-run', reason: 'there is no program x', program: 'x' } as const
  const invalid = { reason: 'program missing: x', mend: 'install it' }
  t.deepEqual(readExecution(execution(ended), { ...rules, invalid }), { is: 'invalid', ...invalid })
})

test('past the limit of a command nothing is decided', (t) => {
  t.is(readExecution(execution({ how: 'timed-out', afterMs: 1000, limit: 'per-command' }), rules).is, 'undecided')
})

test('past the time that counts as hanging it is red', (t) => {
  const hung = execution({ how: 'timed-out', afterMs: 1000, limit: 'hang-after' })
  t.is(readExecution(hung, { ...rules, hangAfterMs: 1000 }).is, 'red')
})

test('a green that takes more than half of the time that counts as hanging is red', (t) => {
  const green = { how: 'exited', code: 0 } as const
  t.is(readExecution(execution(green, 499), { ...rules, hangAfterMs: 1000 }).is, 'green')
  t.is(readExecution(execution(green, 501), { ...rules, hangAfterMs: 1000 }).is, 'red')
})
