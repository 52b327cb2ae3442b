import type { ExecutionContext } from 'ava'
import { CALC, PYTEST, RIGHT, WRONG } from '../helpers/calc.ts'
import { type Step, startModelServer } from '../helpers/model-server.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(2)

/** `git pp run` with a model that follows a script. */
async function runWith(t: ExecutionContext, repo: TestRepo, script: readonly Step[], ...more: string[]): Promise<Ran> {
  const server = await startModelServer(script)
  t.teardown(() => server.close())
  const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted' }
  const command = more.length > 0 && !more[0]?.startsWith('-') ? [] : [PYTEST]
  return pp(repo, ['run', ...command, ...more, '--provider', 'local', '--json'], { env })
}

const reply = (text: string): Step => ({ does: 'reply', text })

test('a right patch is proved: red without it, green with it, and nothing of the user changes', async (t) => {
  const repo = await tempRepo(t, CALC)
  const before = await repo.snapshotState()
  const { status, json } = await runWith(t, repo, [reply(RIGHT)])
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(status, 0)
  t.deepEqual(json['counts'], { reds: 3, greens: 3 })
  t.deepEqual(json['flipped'], ['test_calc.py::test_add'])
  t.is(json['same'], 1)
  t.deepEqual(await repo.snapshotState(), before)
  await fsckClean(repo)
})

test('the proof stands in notes and hidden refs, and the commit announces it', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { json } = await runWith(t, repo, [reply(RIGHT)])
  const final = String(json['final'])
  const session = String(json['session'])
  t.is(await repo.git('rev-parse', `refs/pp/${session}/final`), final)
  t.is(await repo.git('rev-parse', 'PP_HEAD'), final)
  t.is(await repo.git('rev-parse', `${final}^`), await repo.git('rev-parse', 'HEAD'))
  t.regex(
    await repo.git('log', '-1', '--format=%B', final),
    new RegExp(`Patch-Proof: v1 session=${session} manifest=sha256:[0-9a-f]{64}`),
  )
  t.regex(await repo.git('notes', '--ref=pp/bundles', 'show', final), /^\{"files":/)
  t.regex(await repo.git('log', '-1', '--notes=pp/summary', '--format=%N', final), /PROVED/)
  t.is(await repo.git('show', '--format=%an', '-s', final), 'A U Thor')
})

test('a trailer that is asked for stands before ours, and what is none stops everything', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.git('config', 'pp.trailer', 'Assisted-by: a model')
  const { json } = await runWith(t, repo, [reply(RIGHT)], '--runs', '1', '--no-minimize')
  const trailers = await repo.git(
    'log',
    '-1',
    '--format=%(trailers:key=Assisted-by,key=Patch-Proof)',
    String(json['final']),
  )
  t.regex(trailers, /^Assisted-by: a model\nPatch-Proof: v1 session=/)
  t.is((await pp(repo, ['verify', '--allow-unsigned'])).status, 0)
  for (const wrong of ['Patch-Proof: v1 session=x', 'no trailer', 'A: b\nC: d']) {
    await repo.git('config', 'pp.trailer', wrong)
    const refused = await runWith(t, repo, [reply(RIGHT)])
    t.deepEqual([refused.status, refused.json.verdict], [2, 'USAGE'], wrong)
  }
})

test('a wrong patch is told to the model, and the next attempt starts from the base again', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { json } = await runWith(t, repo, [reply(WRONG), reply(RIGHT)])
  t.is(json.verdict, 'PROVED', json.reason)
  const attempts = json['attempts'] as { verdict: string; commit: string }[]
  t.deepEqual(
    attempts.map(({ verdict }) => verdict),
    ['NOT_FIXED', 'PROVED'],
  )
  for (const { commit } of attempts)
    t.is(await repo.git('rev-parse', `${commit}^`), await repo.git('rev-parse', 'HEAD'))
})

test('a model that is never right ends NOT_FIXED, with status 1', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { status, json } = await runWith(t, repo, [reply(WRONG)])
  t.is(json.verdict, 'NOT_FIXED')
  t.is(status, 1)
  const attempts = json['attempts'] as { verdict: string; commit: string | null; refusals: { rule: string }[] }[]
  t.is(attempts[1]?.commit, null)
  t.is(attempts[1]?.refusals[0]?.rule, 'repeated')
})

test('a model that refuses is PROPOSER_FAILED, with status 7', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { status, json } = await runWith(t, repo, [{ does: 'refuse', text: 'I cannot help with that.' }])
  t.is(json.verdict, 'PROPOSER_FAILED')
  t.is(status, 7)
})

test('a busy server is asked again', async (t) => {
  const repo = await tempRepo(t, CALC)
  const busy: Step = { does: 'status', code: 429, message: 'slow down', headers: { 'retry-after': '0' } }
  t.is((await runWith(t, repo, [busy, reply(RIGHT)])).json.verdict, 'PROVED')
})

test('a patch of the test alone is refused, and never proved', async (t) => {
  const repo = await tempRepo(t, CALC)
  const patch =
    '```diff\n--- a/test_calc.py\n+++ b/test_calc.py\n@@ -4,2 +4,2 @@\n def test_add():\n-    assert add(2, 3) == 5\n+    assert True\n```\n'
  const { status, json } = await runWith(t, repo, [reply(patch)])
  t.is(json.verdict, 'TESTS_CHANGED')
  t.is(status, 1)
})

test('what passes already is ALREADY_GREEN', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'calc.py': String(CALC['calc.py']).replace('a - b', 'a + b') })
  const { status, json } = await pp(repo, ['run', PYTEST, '--json'])
  t.is(json.verdict, 'ALREADY_GREEN', json.reason)
  t.is(status, 0)
})

test('a command that reads nothing of the tree is NO_EFFECT', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { status, json } = await pp(repo, ['run', 'true', '--json'])
  t.is(json.verdict, 'NO_EFFECT')
  t.is(status, 6)
})

test('a missing program is no red', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { status, json } = await pp(repo, ['run', 'no-such-program --x', '--json'])
  t.is(json.verdict, 'INVALID_RED')
  t.is(status, 6)
  t.regex(String(json.reason), /no-such-program/)
  t.truthy(json['mend'])
})

test('a red without the expected text is no red', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { json } = await pp(repo, ['run', PYTEST, '--expect', 'ZeroDivisionError', '--json'])
  t.is(json.verdict, 'INVALID_RED')
})

test('a command that fails now and then is FLAKY', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'x\n' })
  const counter = `${repo.home}/count`
  const command = `n=$(cat ${counter} 2>/dev/null || echo 0); echo $((n+1)) > ${counter}; exit $((1 - n % 2))`
  const { status, json } = await pp(repo, ['run', command, '--sandbox', 'none', '--network', 'allow', '--json'])
  t.is(json.verdict, 'FLAKY', json.reason)
  t.is(status, 6)
})

test('a program that hangs is red after --hang-after, and its mended version is proved', async (t) => {
  const repo = await tempRepo(t, { 'loop.py': 'n = 3\nwhile n > 0:\n    n = n + 1\nprint("done")\n' })
  const patch =
    '```diff\n--- a/loop.py\n+++ b/loop.py\n@@ -2,2 +2,2 @@\n while n > 0:\n-    n = n + 1\n+    n = n - 1\n```\n'
  const { json } = await runWith(t, repo, [reply(patch)], 'python3 loop.py', '--hang-after', '5')
  t.is(json.verdict, 'PROVED', json.reason)
})

test('the uncommitted work is the base, and its proof stays on this machine', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'calc.py': 'def add(a, b):\n    return 0\n' })
  await repo.write('calc.py', String(CALC['calc.py']))
  const before = await repo.snapshotState()
  const { json } = await runWith(t, repo, [reply(RIGHT)])
  t.is(json.verdict, 'PROVED', json.reason)
  t.deepEqual(await repo.snapshotState(), before)
  await repo.git('notes', '--ref=pp-local/bundles', 'show', String(json['final']))
  await t.throwsAsync(repo.git('rev-parse', '--verify', '-q', 'refs/notes/pp/bundles'))
})

test('every target has to pass, and those green at the base stay green', async (t) => {
  const targets =
    'proof_targets:\n  - {name: add, cmd: "python3 -m pytest -q -k add"}\n  - {name: double, cmd: "python3 -m pytest -q -k double"}\n'
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': targets })
  const breaks = RIGHT.replace('@@ -1,2 +1,2 @@', '@@ -1,6 +1,6 @@').replace(
    '+    return a + b\n',
    '+    return a + b\n \n \n def double(a):\n-    return a * 2\n+    return a * 3\n',
  )
  const server = await startModelServer([reply(breaks), reply(RIGHT)])
  t.teardown(() => server.close())
  const ran = await pp(repo, ['run', '--provider', 'local', '--no-minimize', '--json'], {
    env: { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'm' },
  })
  t.is(ran.json.verdict, 'PROVED', ran.json.reason)
  t.is((ran.json['attempts'] as unknown[]).length, 2)
})

const SPARE = `${CALC['calc.py']}${'\n# filler\n'.repeat(8)}\n\ndef far(a):\n    return a\n`

for (const [what, from, to] of [
  ['a hunk', '    return a\n', '    return +a\n'],
  ['a line group of the same hunk', '    return a * 2\n', '    return 2 * a\n'],
  ['the white space of a line beside it', 'def add(a, b):\n', 'def add(a,  b):\n'],
  ['a blank line', 'def double(a):\n', '\ndef double(a):\n'],
] as const) {
  test(`${what} that a green does not need is taken out of the patch`, async (t) => {
    const repo = await tempRepo(t, { ...CALC, 'calc.py': SPARE })
    const mended = SPARE.replace('a - b', 'a + b')
    await repo.write('calc.py', mended.replace(from, to))
    const patch = await repo.git('diff')
    await repo.write('calc.py', SPARE)
    const { json } = await runWith(t, repo, [reply(`\`\`\`diff\n${patch}\n\`\`\``)])
    t.is(json.verdict, 'PROVED', json.reason)
    t.is(json['minimal'], 'shown')
    const changed = String(json['patch']).match(/^[-+](?![-+]).*$/gm)
    t.deepEqual(changed, ['-    return a - b', '+    return a + b'])
  })
}

test('a command that the policy does not allow is not run', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': 'policy:\n  allowed_commands: ["pytest -q"]\n' })
  const { status, json } = await pp(repo, ['run', PYTEST, '--json'])
  t.is(status, 4)
  t.is(json.verdict, 'DENIED')
})

test('a patch that the policy denies is told why, and never tried', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': 'policy:\n  write_allowlist: ["src/**"]\n' })
  const { status, json } = await runWith(t, repo, [reply(RIGHT)])
  t.is(json.verdict, 'DENIED')
  t.is(status, 1)
})

test('the embedded search mends a one-token bug without a key or a network', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { json } = await pp(repo, ['run', PYTEST, '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(String(json['patch']), /\+ {4}return a \+ b/)
})

test('an agent has the tests in its copy and can run them; a change of a test is refused, and it hears of that', async (t) => {
  const repo = await tempRepo(t, CALC)
  const agent = [
    // A file that changes within a second and keeps its size is not compiled again.
    'export PYTHONDONTWRITEBYTECODE=1',
    'request=$(cat)',
    'case $request in *TESTS_CHANGED*)',
    `  ${PYTEST} -p no:cacheprovider >/dev/null && exit 9`,
    "  sed -i 's/a - b/a + b/' calc.py",
    `  ${PYTEST} -p no:cacheprovider >/dev/null ;;`,
    "*) sed -i 's/== 5/== -1/' test_calc.py ;;",
    'esac',
  ]
  const env = { PP_COMMAND: agent.join('\n') }
  const { json } = await pp(repo, ['run', PYTEST, '--provider', 'command', '--json'], { env })
  t.is(json.verdict, 'PROVED', json.reason)
  const attempts = json['attempts'] as { verdict: string }[]
  t.deepEqual(
    attempts.map(({ verdict }) => verdict),
    ['TESTS_CHANGED', 'PROVED'],
  )
})

test('who was asked in vain is not asked for again, and more time is offered only where time was short', async (t) => {
  const repo = await tempRepo(t, {
    'a.txt': 'bad\n',
    'a.sh': 'sh ./b.sh 1 2\n',
    'b.sh': 'test "$1" -lt 2 && grep -q good a.txt\n',
  })
  const mend = async (kind: string, env = {}, command = 'grep -q good a.txt') => {
    const ran = await pp(repo, ['run', command, '--provider', kind, '--json'], { env: { PP_COMMAND: 'true', ...env } })
    t.is(ran.json.verdict, 'NOT_FIXED', ran.json.reason)
    return ran.json['mend']
  }
  t.is(await mend('command'), 'ask another provider: --provider search or openai')
  t.is(await mend('search'), 'ask another provider: --provider openai or command')
  t.is(
    await mend('search', { PP_LIMITS_SEARCH_SECONDS: '0' }, 'sh a.sh'),
    'ask another provider: --provider openai or command; give the search more time: PP_LIMITS_SEARCH_SECONDS=60 git pp run …',
  )
  t.is(
    await mend('search', { PP_LIMITS_MAX_CANDIDATES: '1' }, 'sh a.sh'),
    'ask another provider: --provider openai or command; let the search try more candidates: PP_LIMITS_MAX_CANDIDATES=5 git pp run …',
  )
})

test('it works from a subdirectory, with spaces and other letters in paths', async (t) => {
  const files = Object.fromEntries(Object.entries(CALC).map(([path, text]) => [`ünder dir/${path}`, text]))
  const repo = await tempRepo(t, files, { name: 'the repo' })
  const { json } = await pp(repo, ['run', PYTEST, '--json'], { cwd: `${repo.dir}/ünder dir` })
  t.is(json.verdict, 'PROVED', json.reason)
})

test('unittest names the test that flipped', async (t) => {
  const unit =
    'import unittest\nfrom calc import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n\n    def test_zero(self):\n        self.assertEqual(add(0, 0), 0)\n'
  const repo = await tempRepo(t, { 'calc.py': String(CALC['calc.py']), 'test_calc.py': unit })
  const { json } = await runWith(t, repo, [reply(RIGHT)], 'python3 -m unittest')
  t.is(json.verdict, 'PROVED', json.reason)
  t.is((json['flipped'] as string[]).length, 1)
})

test('node:test names the test that flipped', async (t) => {
  const repo = await tempRepo(t, {
    'calc.cjs': 'exports.add = (a, b) => a - b\n',
    'calc.test.cjs':
      "const test = require('node:test')\nconst assert = require('node:assert')\nconst { add } = require('./calc.cjs')\ntest('adds', () => assert.equal(add(2, 3), 5))\ntest('zero', () => assert.equal(add(0, 0), 0))\n",
  })
  const patch =
    '```diff\n--- a/calc.cjs\n+++ b/calc.cjs\n@@ -1 +1 @@\n-exports.add = (a, b) => a - b\n+exports.add = (a, b) => a + b\n```\n'
  const { json } = await runWith(t, repo, [reply(patch)], 'node --test')
  t.is(json.verdict, 'PROVED', json.reason)
  t.is((json['flipped'] as string[]).length, 1)
})
