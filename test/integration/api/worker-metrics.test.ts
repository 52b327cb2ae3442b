import test from 'ava'
import { serveMetrics, workerCounters } from '../../../src/engine/api/worker/metrics.ts'

test('counters of a worker are served on this machine, and nothing else is', async (t) => {
  const counters = workerCounters('w1')
  const job = { asker: 'alice', key: 'k' }
  counters.count({ is: 'began', ...job, again: false })
  counters.count({ is: 'ended', ...job, end: 'answered' })
  counters.count({ is: 'began', ...job, again: true })
  counters.count({ is: 'fault', what: 'the disk is full', held: true })
  counters.count({ is: 'began', ...job, again: true })
  const close = await serveMetrics(18_765, counters)
  t.teardown(close)
  const text = await (await fetch('http://127.0.0.1:18765/metrics')).text()
  t.true(text.includes('git_pp_worker_jobs_total{worker="w1",end="answered"} 1\n'), text)
  t.true(text.includes('git_pp_worker_jobs_running{worker="w1"} 1\n'), text)
  t.true(text.includes('git_pp_worker_faults_total{worker="w1"} 1\n'), text)
  t.is((await fetch('http://127.0.0.1:18765/')).status, 404)
  await t.throwsAsync(serveMetrics(18_765, counters), { message: /^--metrics 18765: .*EADDRINUSE/ })
})
