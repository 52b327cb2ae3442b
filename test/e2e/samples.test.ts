import test from 'ava'
import { CALC, PYTEST, RIGHT, WRONG } from '../helpers/calc.ts'
import { startModelServer } from '../helpers/model-server.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

test('several answers to one request are one attempt, and each has its ref', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': 'policy: {limits: {max_attempts: 1}}\n' })
  const server = await startModelServer([
    { does: 'reply', text: WRONG },
    { does: 'reply', text: RIGHT },
    { does: 'reply', text: RIGHT },
  ])
  t.teardown(() => server.close())
  const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted' }
  const words = ['run', PYTEST, '--provider', 'local', '--json', '--runs', '1', '--no-minimize', '--samples', '3']
  const { json } = await pp(repo, words, { env })
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(server.requests.length, 3)
  const attempts = json['attempts'] as { n: number; commit: string | null; verdict: string }[]
  t.deepEqual(attempts.map(({ verdict }) => verdict).sort(), ['NOT_TRIED', 'PROVED', 'REFUSED'])
  for (const { n, commit } of attempts.filter((one) => one.commit !== null))
    t.is(await repo.git('rev-parse', `refs/pp/${json['session']}/attempts/${n}`), String(commit))
  t.is((await pp(repo, ['verify', '--allow-unsigned'])).status, 0)
  t.regex((await pp(repo, ['report', '--format', 'markdown'])).stdout, /\| with the change \| green 1 of 1 \|/)
})

test('more samples than the policy allows are a mistake of usage', async (t) => {
  const repo = await tempRepo(t, CALC)
  for (const [more, policy, words] of [
    ['9', '', /--samples 9: limits\.max_samples allows at most 8/],
    ['3', 'policy: {limits: {max_samples: 2}}\n', /--samples 3: limits\.max_samples allows at most 2/],
    ['0', '', /--samples 0: this must be a whole number above 0/],
  ] as const) {
    await repo.write('pp.yaml', policy)
    const { status, json } = await pp(repo, ['run', PYTEST, '--samples', more, '--json'])
    t.is(status, 2)
    t.regex(String(json.reason), words)
  }
})
