import test from 'ava'
import { tracedRunLimit } from '../../../../src/engine/flows/measure/traced-run.ts'
import type { Ended } from '../../../../src/engine/model/evidence.ts'

const run = (durationMs: number, ended: Ended = { how: 'exited', code: 1 }) => ({ durationMs, ended })
const HOUR = 3_600_000

test('a traced run gets four times the time, half a minute more at least, and half of what the session has', (t) => {
  t.is(tracedRunLimit(run(100), HOUR), 30_100)
  t.is(tracedRunLimit(run(60_000), HOUR), 240_000)
  t.is(tracedRunLimit(run(60_000), 100_000), 50_000)
  t.is(tracedRunLimit(run(60_000), -5), 1)
})

test('a hang is traced as long as it hung', (t) => {
  t.is(tracedRunLimit(run(20_000, { how: 'timed-out', afterMs: 20_000, limit: 'hang-after' }), HOUR), 20_000)
})
