import test from 'ava'
import { connect, untilDone } from '../../helpers/mcp.ts'
import { tempRepo } from '../../helpers/repo.ts'

test('a run of 90 s survives a client that waits 60 s for an answer', async (t) => {
  t.timeout(240_000)
  const repo = await tempRepo(t, {
    'state.txt': 'bad\n',
    'pp.yaml':
      'proof_targets:\n  - {name: unit, cmd: "grep -q good state.txt && sleep 90"}\npolicy:\n  verify: {runs: 1}\n',
  })
  await repo.commit('mend', { 'state.txt': 'good\n' })
  const server = await connect(t, repo)
  const began = performance.now()
  // 60 s is what the client waits if nothing else was said.
  const first = await server.call('prove')
  t.is(first.structured['state'], 'running')
  t.true(performance.now() - began < 50_000)
  const done = await untilDone(server, first)
  t.true(performance.now() - began > 90_000)
  t.like(done.structured['outcome'], { verdict: 'PROVED' })
})
