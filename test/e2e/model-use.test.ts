import test from 'ava'
import { CALC, PYTEST, RIGHT, WRONG } from '../helpers/calc.ts'
import { startModelServer } from '../helpers/model-server.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

test('what asking took is told while it happens, in the answer, by show and in the report', async (t) => {
  const repo = await tempRepo(t, CALC)
  const server = await startModelServer([
    { does: 'reply', text: WRONG },
    { does: 'reply', text: RIGHT },
  ])
  t.teardown(() => server.close())
  const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted' }
  const ran = await pp(repo, ['run', PYTEST, '--provider', 'local', '--json', '--runs', '1', '--no-minimize'], { env })
  t.is(ran.json.verdict, 'PROVED', ran.json.reason)
  t.like(ran.json['spent'], { requests: 2, inputTokens: 240, outputTokens: 80, estimated: false, cost: null })
  t.regex(ran.stderr, /^ {2}local: 1 request, \d+\.\d s, 120 tokens in and 40 out$/m)
  const line = /2 requests, \d+\.\d s, 240 tokens in and 80 out/
  t.regex((await pp(repo, ['show'])).stdout, line)
  t.regex((await pp(repo, ['report', '--format', 'markdown'])).stdout, line)
  t.regex((await pp(repo, ['report', '--format', 'html'])).stdout, line)
  t.is((await pp(repo, ['verify', '--allow-unsigned', '--allow-weak'])).status, 0)
})
