import test, { type ExecutionContext } from 'ava'
import { CALC, PYTEST, RIGHT } from '../helpers/calc.ts'
import { type ModelServer, type Step, startModelServer } from '../helpers/model-server.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { type Files, tempRepo } from '../helpers/repo.ts'

const reply = (text: string): Step => ({ does: 'reply', text })

/** `git pp run` with a model that follows a script, and the second text that the model was sent. */
async function runWith(
  t: ExecutionContext,
  files: Files,
  script: readonly Step[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran & { readonly second: string; readonly server: ModelServer }> {
  const repo = await tempRepo(t, files)
  const server = await startModelServer(script)
  t.teardown(() => server.close())
  const model = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted', ...env }
  const ran = await pp(repo, ['run', PYTEST, '--provider', 'local', '--json'], { env: model })
  const messages = server.requests[1]?.body['messages'] as { content: string }[] | undefined
  return { ...ran, second: messages?.at(-1)?.content ?? '', server }
}

const attempts = ({ json }: Ran) => json['attempts'] as { verdict: string; reason: string }[]

const SCALE = 'def scale(a):\n    return a * 10\n\n\ndef shrink(a):\n    return a / 10\n'

test('a question is an attempt, and the next request shows what it asked for', async (t) => {
  const secret = 'sk-proj-Zx8Qw2Lk5Vn9Rt3Yb7Mc1Pd4'
  const files = { ...CALC, 'lib/scale.py': SCALE, 'notes.md': 'one\ntwo\n', '.env': `API_TOKEN=${secret}\n` }
  const question =
    'I cannot see `shrink()`, and what does notes.md:2 say? Please show conf/.env, ../x.py and .env, too.'
  const ran = await runWith(t, files, [reply(question), reply(RIGHT)])
  t.is(ran.json.verdict, 'PROVED', ran.json.reason)
  t.is(attempts(ran)[0]?.verdict, 'REFUSED')
  t.is(attempts(ran)[0]?.reason, `the answer holds no patch: ${question}`)
  t.regex(ran.second, /You asked to see this:\n\nnotes\.md:\n<<<FILE \w+\n 1\| one\n>2\| two\n/)
  t.regex(ran.second, /lib\/scale\.py:\n<<<FILE \w+\n.*\n? ?5\| def shrink\(a\):/)
  t.regex(ran.second, /Attempt 1 did not work \(REFUSED\): the answer holds no patch: I cannot see/)
  t.false(ran.second.includes(secret))
})

test('answers in words alone end NOT_FIXED, with the words of the last one, cut and redacted', async (t) => {
  const secret = 'correct-horse-battery-staple-42'
  const words = `I do not know why ${secret} is there.\u001b[31m ${'really '.repeat(100)}`
  const ran = await runWith(t, CALC, [reply(words)], { SHOP_API_TOKEN: secret })
  t.is(ran.status, 1)
  t.is(ran.json.verdict, 'NOT_FIXED')
  t.is(attempts(ran).length, 3)
  const { reason = '' } = ran.json
  t.regex(
    reason,
    /^3 attempts did not turn the command green; the last one: the answer holds no patch: I do not know why/,
  )
  t.true(reason.length < 420, reason)
  t.false(`${ran.stdout}${ran.second}`.includes(secret))
})

test('an empty answer is still PROPOSER_FAILED', async (t) => {
  const ran = await runWith(t, CALC, [{ does: 'empty' }])
  t.deepEqual([ran.status, ran.json.verdict], [7, 'PROPOSER_FAILED'])
})

const BREAKS =
  '```diff\n--- a/calc.py\n+++ b/calc.py\n@@ -1,6 +1,6 @@\n def add(a, b):\n-    return a - b\n+    return a + b\n \n \n def double(a):\n-    return a * 2\n+    return a * 3\n```\n'

test('the next request says what a patch mends and what it breaks, with the broken test', async (t) => {
  const ran = await runWith(t, CALC, [reply(BREAKS), reply(RIGHT)])
  t.is(ran.json.verdict, 'PROVED', ran.json.reason)
  t.regex(ran.second, /it mends test_calc\.py::test_add, but breaks test_calc\.py::test_double, which passed before/)
  const [, told = ''] = ran.second.split('What passed before and fails with it:')
  t.regex(told, /<<<FAILURES \w+\ntest_calc\.py::test_double: .*12/)
  t.regex(told, /8\| def test_double\(\):/)
  t.regex(ran.second, /<<<OUTPUT \w+\n[\s\S]*assert 12 == 8/)
})
