import { spawn } from 'node:child_process'
import test from 'ava'
import { chooseProcessCleanup } from '../../../src/engine/sandboxes/lib/process-cleanup.ts'
import { commandLines } from './machine.ts'

test('without namespaces, what carries the mark of a run is found and killed, and nothing else', async (t) => {
  const cleanup = await chooseProcessCleanup([], 0)
  t.is(cleanup.means, 'marked environment')
  const sleeper = (mark: string, seconds: string) => {
    const script = `setsid sh -c 'sleep ${seconds}; true' & setsid sleep ${seconds} & wait`
    return spawn('sh', ['-c', script], { env: { PATH: process.env['PATH'], PP_RUN: mark }, stdio: 'ignore' })
  }
  const [ours, others] = [`1004.${process.pid}`, `1005.${process.pid}`]
  sleeper('s.11', others)
  sleeper('s.1', ours)
  while ((await commandLines(ours)).length < 4 || (await commandLines(others)).length < 4);
  await cleanup.sweep?.('s.1')
  t.deepEqual(await commandLines(ours), [])
  t.is((await commandLines(others)).length, 4)
  await cleanup.sweep?.('s.11')
})
