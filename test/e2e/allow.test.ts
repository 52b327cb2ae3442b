import { verifyBoth } from '../helpers/both.ts'
import { PYTEST } from '../helpers/calc.ts'
import { type Step, startModelServer } from '../helpers/model-server.ts'
import { pp } from '../helpers/pp.ts'
import { type Files, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const BASE: Files = {
  'calc.py': 'def add(a, b):\n    return a + b\n\n\ndef name():\n    return "calc"\n',
  'test_calc.py':
    'from calc import add, name\n\n\ndef test_add():\n    assert add(2, 3) == 5\n\n\ndef test_name():\n    assert name() == "calc"\n',
}
const POLICY = `proof_targets: [{name: command, cmd: "${PYTEST}"}]\npolicy: {verify: {runs: 1}`
/** The product says another name on purpose, and so does its test. */
const RENAMED: Files = Object.fromEntries(
  Object.entries(BASE).map(([path, text]) => [path, String(text).replace('"calc"', '"Calc"')]),
)
const prove = (repo: TestRepo, ...more: string[]) => pp(repo, ['prove', '--runs', '1', ...more])

const asked = {
  ...{ key: [], trust: [], threshold: 1, allowUnsigned: true, allowWeak: false, exact: false },
  ...{ require: 'all' as const, proofs: ['HEAD'] },
}
const verify = async (repo: TestRepo, more: { policyFrom?: string } = {}) =>
  (await verifyBoth(repo, { ...asked, ...more }))[0]

test('a change of what tests ask for is told so that a maintainer can decide', async (t) => {
  const repo = await tempRepo(t, BASE)
  await repo.commit('Rename', RENAMED)
  const { json, status } = await prove(repo, 'HEAD', PYTEST, '--json')
  t.is(json.verdict, 'TESTS_CHANGED', json.reason)
  t.is(status, 1)
  t.deepEqual(json['expectations'], {
    changed: [{ path: 'test_calc.py', line: 9, before: 'assert name() == "calc"', after: 'assert name() == "Calc"' }],
    others: { passed: 1, failing: [] },
  })
  const [now, forGood] = String(json['mend']).split('\n')
  t.is(now, `if this is meant: git pp prove --runs=1 HEAD "${PYTEST}" --allow test_calc.py`)
  t.is(forGood, 'to allow it always, write in pp.yaml: policy: {tests: {allow: [test_calc.py]}}')
  for (const said of [['show'], ['report', '--format', 'markdown'], ['report', '--format', 'html']]) {
    const { stdout } = await pp(repo, said)
    t.regex(stdout, /test_calc\.py:9 +assert name\(\)/, said.join(' '))
    t.regex(stdout, /1 other test of the base passes with the product change/)
    t.regex(stdout, /--allow test_calc\.py/)
    t.regex(stdout, /tests: \{allow: \[test_calc\.py\]\}/)
  }
})

test('the line that is told proves it, and every first line says who allowed what', async (t) => {
  const repo = await tempRepo(t, { ...BASE, 'pp.yaml': `${POLICY}}\n` })
  await repo.git('branch', 'strict')
  await repo.commit('Rename', RENAMED)
  const { stdout, status } = await prove(repo, 'HEAD', PYTEST, '--allow', 'test_calc.py')
  t.is(status, 0, stdout)
  const first = /allowed by the user: test_calc\.py/
  t.regex(stdout.split('\n')[0] ?? '', first)
  t.regex((await pp(repo, ['show'])).stdout.split('\n')[0] ?? '', first)
  t.regex((await repo.git('log', '-1', '--notes=pp/summary', '--format=%N')).split('\n')[0] ?? '', first)
  const found = await verify(repo)
  t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
  const gated = await verify(repo, { policyFrom: 'strict' })
  t.is(gated?.verdict, 'POLICY_MISMATCH', gated?.reason)
  t.regex(String(gated?.reason), /a permission to change "test_calc\.py"/)
  await repo.git('checkout', '-q', '-b', 'open', 'strict')
  await repo.commit('Allow it', { 'pp.yaml': `${POLICY}, tests: {allow: [test_calc.py]}}\n` })
  await repo.git('checkout', '-q', 'main')
  const open = await verify(repo, { policyFrom: 'open' })
  t.is(open?.verdict, 'PROVED_UNSIGNED', open?.reason)
  t.is((await pp(repo, ['replay', '--json'])).json.verdict, 'REPRODUCED')
})

test('the policy may allow the same, and the proof names the line', async (t) => {
  const repo = await tempRepo(t, { ...BASE, 'pp.yaml': `${POLICY}, tests: {allow: [test_calc.py]}}\n` })
  await repo.commit('Rename', RENAMED)
  const { json } = await prove(repo, 'HEAD', '--json')
  t.is(json.verdict, 'PROVED', json.reason)
  t.deepEqual(json['allowed'], [{ path: 'test_calc.py', by: 'pp.yaml:2' }])
})

test('a wrong test that is set right alone is proved where it is allowed: the base is red by its own tests', async (t) => {
  const wrong = { 'test_calc.py': String(BASE['test_calc.py']).replace('== 5', '== 6') }
  const repo = await tempRepo(t, { ...BASE, ...wrong })
  await repo.commit('Set the test right', { 'test_calc.py': String(BASE['test_calc.py']) })
  t.is((await prove(repo, 'HEAD', PYTEST, '--json')).json.verdict, 'TESTS_CHANGED')
  const { json } = await prove(repo, 'HEAD', PYTEST, '--allow', 'test_calc.py', '--json')
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['judges'], 'base')
  const found = await verify(repo)
  t.is(found?.verdict, 'PROVED_UNSIGNED', found?.reason)
})

test('a permission that names nothing is refused before anything runs', async (t) => {
  const repo = await tempRepo(t, BASE)
  await repo.commit('Rename', RENAMED)
  for (const vague of ['**', '*/**', '*.py', 'test_*']) {
    const { json, status } = await prove(repo, 'HEAD', PYTEST, '--allow', vague, '--json')
    t.is(status, 2, vague)
    t.regex(String(json.reason), /is too wide/)
  }
})

test('run: a model that edits a test is told off with both lines, and may where the user says so', async (t) => {
  const repo = await tempRepo(t, {
    'calc.py': String(BASE['calc.py']),
    'test_calc.py': String(RENAMED['test_calc.py']),
  })
  const text =
    '--- a/test_calc.py\n+++ b/test_calc.py\n@@ -9 +9 @@\n-    assert name() == "Calc"\n+    assert name() == "calc"\n'
  const step: Step = { does: 'reply', text }
  const server = await startModelServer([step, step])
  t.teardown(() => server.close())
  const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted', PP_LIMITS_MAX_ATTEMPTS: '1' }
  const run = (...more: string[]) =>
    pp(repo, ['run', PYTEST, '--provider', 'local', '--runs', '1', '--json', ...more], { env })
  const denied = await run()
  t.is(denied.json.verdict, 'TESTS_CHANGED', denied.json.reason)
  t.regex(String(denied.json['mend']), /git pp run .*--allow test_calc\.py\nto allow it always, write in pp\.yaml: /)
  const allowed = await run('--allow', 'test_calc.py')
  t.is(allowed.json.verdict, 'PROVED', allowed.json.reason)
  t.regex(String(allowed.json.reason), /^allowed by the user: test_calc\.py; /)
})
