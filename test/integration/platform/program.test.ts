import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { howEnded, runProgram, succeeds } from '../../../src/engine/platform/index.ts'
import { processes } from '../../../src/engine/platform/marked.ts'

const sh = (script: string) => ({ program: 'sh', args: ['-c', script], env: { PATH: process.env['PATH'] ?? '' } })

test('a program ends with its status and with what it printed', async (t) => {
  const end = await runProgram({ ...sh('cat; echo no >&2; exit 3'), input: 'given' })
  t.deepEqual(end, { how: 'exited', code: 3, stdout: Buffer.from('given'), stderr: 'no\n' })
  t.is(howEnded(end), 'ended with status 3')
})

test('a program that reads nothing may be given much', async (t) => {
  const end = await runProgram({ ...sh('exit 0'), input: Buffer.alloc(4 << 20) })
  t.is(end.how, 'exited')
})

test('a signal, a program that is not there and an abort are ends of their own', async (t) => {
  t.like(await runProgram(sh('kill -KILL $$')), { how: 'signalled', signal: 'SIGKILL' })
  t.like(await runProgram({ program: '/no/such/program', args: [], env: {} }), { how: 'not-started' })
  t.deepEqual(await runProgram({ ...sh('sleep 60'), signal: AbortSignal.abort() }), { how: 'aborted' })
  t.deepEqual(await runProgram({ ...sh('sleep 60'), signal: AbortSignal.timeout(100) }), { how: 'aborted' })
})

test('at the time limit the whole group ends, children that ignore TERM included', async (t) => {
  const end = await runProgram({ ...sh('(trap "" TERM; echo $$; sleep 61) & wait'), timeoutMs: 300 })
  t.is(end.how, 'timed-out')
  const group = Number('stdout' in end ? end.stdout.toString() : Number.NaN)
  t.true(group > 0)
  await sleep(100)
  t.false(processes().includes(group))
})

test('a program that prints more than the bound is ended, and what came first is kept', async (t) => {
  const end = await runProgram({ ...sh('printf abcdef; sleep 60'), maxBytes: 4 })
  t.is(end.how, 'too-much-output')
  t.is('stdout' in end ? end.stdout.toString() : '', 'abcd')
})

test('output that fills the bound is not too much', async (t) => {
  t.like(await runProgram({ ...sh('printf abcd'), maxBytes: 4 }), { how: 'exited', code: 0 })
})

test('only status 0 is a success', async (t) => {
  t.true(await succeeds('/bin/sh', ['-c', 'exit 0']))
  t.false(await succeeds('/bin/sh', ['-c', 'exit 1']))
  t.false(await succeeds('/no/such/program', []))
})
