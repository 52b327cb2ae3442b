import test from 'ava'
import { allGreen, type Measurement, type Round } from '../../../../src/engine/flows/measure/round.ts'
import { decideByTwoRuns } from '../../../../src/engine/flows/repeat/decide-by-two-runs.ts'
import { outcome } from '../../../../src/engine/flows/session/outcome.ts'

const place = { top: '/repo', prefix: '', gitDir: '/repo/.git', commonDir: '/repo/.git', objectFormat: 'sha1' } as const
const session = { targets: [], kind: 'prove', place, typed: null } as const
const NOTHING = new Uint8Array()
const stream = { bytes: 0, sha256: '0'.repeat(64), truncated: false, redactions: 0, kept: NOTHING }

/** A round of one target in which these tests fail. */
function round(...failing: readonly string[]): Round {
  const code = failing.length > 0 ? 1 : 0
  const tests = failing.map((id) => ({ id, outcome: 'failed' as const }))
  const measurement: Measurement = {
    target: { name: 'unit', command: { shell: 'pytest' }, cwd: '' },
    execution: {
      ended: { how: 'exited', code },
      startedAt: '2026-01-01T00:00:00Z',
      durationMs: 1,
      stdout: stream,
      stderr: stream,
      reports: new Map(),
    },
    reading: code === 0 ? { is: 'green' } : { is: 'red', reason: 'red', failing: [...failing] },
    tests: {
      runner: 'pytest',
      counts: { passed: 1, failed: failing.length, errors: 0, skipped: 0 },
      tests,
      named: false,
    },
    listed: null,
    reruns: [],
    insteadOf: new Map(),
    headline: '',
    runner: null,
    judgesTouched: new Map(),
    judgesFree: [],
    judgesMoved: [],
    judgesRefused: [],
    judgesPlanted: [],
  }
  return { tree: 'a'.repeat(40), measurements: [measurement], unguarded: 0, reads: null }
}

const judge = (one: Round) => (allGreen(one) ? null : outcome('TESTS_CHANGED', 'red'))
const ask = (first: Round, second: Round) => decideByTwoRuns(session, first, async () => second, judge, 'of it')

test('a run with nothing against a change is not repeated', async (t) => {
  const end = await decideByTwoRuns(session, round(), () => Promise.reject(new Error('repeated')), judge, 'of it')
  t.is(end, null)
})

test('what two runs say alike is said', async (t) => {
  t.is((await ask(round('a'), round('a')))?.verdict, 'TESTS_CHANGED')
})

test('where the second run says nothing it is FLAKY, by the name of the test', async (t) => {
  const end = await ask(round('a'), round())
  t.is(end?.verdict, 'FLAKY')
  t.is(end?.reason, 'two runs of it disagree: a failed only once')
})

test('where other tests fail the second time it is FLAKY, by the name of the test', async (t) => {
  const end = await ask(round('a'), round('a', 'b'))
  t.is(end?.reason, 'two runs of it disagree: b failed only once')
})
