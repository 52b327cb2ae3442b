import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'ava'
import { markedProcesses, sendSignal } from '../../../src/engine/platform/index.ts'

test('processes are found by a variable that they were started with, and by nothing else', async (t) => {
  const mark = `mark-${process.pid}`
  const child = spawn('sleep', ['60'], { env: { PP_TEST_MARK: mark, OTHER: `PP_TEST_MARK=x${mark}` } })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  const found = (wanted: string, uid?: number) => markedProcesses('PP_TEST_MARK', (value) => value === wanted, uid)
  t.deepEqual(found(mark), [child.pid])
  t.deepEqual(found(mark, process.getuid?.() ?? 0), [child.pid])
  t.deepEqual(found(mark, 54_321), [])
  t.deepEqual(found(`x${mark}`), [])
})

test('a signal to a process that has ended is no fault', async (t) => {
  const child = spawn('true')
  await once(child, 'exit')
  t.notThrows(() => sendSignal(child.pid ?? 0, 'SIGKILL'))
})
