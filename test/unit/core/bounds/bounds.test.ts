import test from 'ava'
import { describeMetBound, formatBytes, unenforcedBounds } from '../../../../src/engine/core/bounds/bounds.ts'
import { readExecution } from '../../../../src/engine/core/failure/read-execution.ts'

const ALL = { memory: true, cpu: true, processCount: true, disk: true }

test('what is not bounded is what has a limit and nothing that holds it', (t) => {
  const bounds = { memory: 1, cpus: null, processes: 1, disk: 1 }
  t.deepEqual(unenforcedBounds(ALL, bounds), [])
  t.deepEqual(unenforcedBounds({ ...ALL, memory: false, cpu: false, disk: false }, bounds), ['memory', 'disk'])
  t.deepEqual(unenforcedBounds({ ...ALL, cpu: false }, { ...bounds, cpus: 2 }), ['processors'])
})

test('a run that met a bound is neither red nor green, and says which', (t) => {
  const stream = { bytes: 0, sha256: '0'.repeat(64), truncated: false, redactions: 0, kept: new Uint8Array() }
  const ended = { how: 'limited', by: 'memory', bound: 2 ** 31 } as const
  const execution = { ended, startedAt: '', durationMs: 1, stdout: stream, stderr: stream, reports: new Map() }
  const reading = readExecution(execution, { hangAfterMs: 5, invalid: null, tests: null, headline: 'x' })
  t.deepEqual(reading, { is: 'undecided', reason: 'the command wanted more memory than the limit of 2 GiB' })
  t.regex(
    describeMetBound({ how: 'limited', by: 'processes', bound: 40 }),
    /more processes and threads than the limit of 40/,
  )
  t.regex(describeMetBound({ how: 'limited', by: 'memory', bound: null }), /machine ran out of memory/)
})

test('bytes are told in the unit that fits', (t) => {
  t.deepEqual([1, 1536, 67108864, 21474836480].map(formatBytes), ['1 bytes', '1.5 KiB', '64 MiB', '20 GiB'])
})
