import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { needing } from '../helpers/needs.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { type Files, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { sampled } from '../helpers/sample.ts'

const PYTEST = 'python3 -m pytest -q -p no:cacheprovider'
const NODE = 'node --test'
const withPytest = needing('import pytest')

const LOOP =
  'LIMIT = 10\n\n\ndef total(items):\n    result = 0\n    for item in items:\n        result += item\n    return result\n\n\ndef unused(x):\n    return x + 1\n'
const SUM = LOOP.replace(/ {4}result = 0[\s\S]*?return result\n/, '    return sum(items)\n')
const TEST =
  'from calc import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n\n\ndef test_none():\n    assert total([]) == 0\n'
const PYTHON: Files = { 'calc.py': LOOP, 'conftest.py': '', 'tests/test_calc.py': TEST }

const JS = {
  'package.json': '{"type": "module"}\n',
  'calc.js':
    'export function total(items) {\n  let result = 0\n  for (const item of items) result += item\n  return result\n}\n\nexport function unused(x) {\n  return x + 1\n}\n',
  'test/calc.test.js':
    "import assert from 'node:assert'\nimport test from 'node:test'\nimport { total } from '../calc.js'\n\ntest('total', () => assert.equal(total([1, 2]), 3))\n",
}

interface Executed {
  readonly lines: number
  readonly ran: number
  readonly notRun: readonly object[]
  readonly notMeasured: readonly string[]
}

interface Asked extends Ran {
  readonly repo: TestRepo
  readonly executed: Executed
}

/** Proves a change of such files; null removes a file. */
async function prove(
  t: ExecutionContext,
  base: Files,
  change: Readonly<Record<string, string | null>>,
  command: string,
  ...options: readonly string[]
): Promise<Asked> {
  const repo = await tempRepo(t, base)
  for (const [path, text] of Object.entries(change))
    if (text === null) await repo.git('rm', '-q', path)
    else await repo.write(path, text)
  await repo.commit('Change')
  const mode = options.length === 0 ? ['--mode', 'refactor'] : options
  const ran = await pp(repo, ['prove', '--json', ...mode, 'HEAD', command])
  return { ...ran, repo, executed: ran.json['executed'] as Executed }
}

withPytest('an honest refactoring is PRESERVED, never PROVED, and says which lines no test ran', async (t) => {
  const { repo, status, json, executed } = await prove(
    t,
    PYTHON,
    { 'calc.py': SUM.replace('return x + 1', 'return 1 + x') },
    PYTEST,
  )
  t.is(json.verdict, 'PRESERVED', json.reason)
  t.is(status, 0)
  t.is(json.reason, 'green in all 3 runs without the change and in all 3 runs with it; executed 5 of 7 changed lines')
  t.deepEqual(executed.notRun, [
    { path: 'calc.py', of: 'base', lines: '12' },
    { path: 'calc.py', of: 'change', lines: '9' },
  ])
  t.deepEqual(json['counts'], { reds: 0, greens: 3, before: 3 })
  for (const args of [['show'], ['log'], ['report'], ['report', '--format', 'html'], ['verify', '--allow-unsigned']]) {
    const { stdout } = await pp(repo, args)
    t.regex(stdout, /PRESERVED/, args.join(' '))
    t.notRegex(stdout, /PROVED|STABILIZED/, args.join(' '))
  }
  t.regex((await pp(repo, ['log'])).stdout, /green 3 green 3/)
  t.regex((await pp(repo, ['report'])).stdout, /git pp verify \S+ --accept refactor\n/)
  const note = await repo.git('notes', '--ref', 'pp/summary', 'show', 'HEAD')
  t.regex(
    note,
    /^# PRESERVED\n[\s\S]*Changed lines that no test ran\n- `calc\.py:12 \(removed or replaced\)`\n- `calc\.py:9`/,
  )
  t.notRegex(note, /PROVED/)
})

withPytest('it is verified only by who accepts it, attested, amended, and run again', async (t) => {
  const { repo } = await prove(
    t,
    { ...PYTHON, 'pp.yaml': 'proof_targets: [{name: unit, cmd: pytest}]\n' },
    { 'calc.py': SUM },
    PYTEST,
  )
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  t.is((await pp(repo, ['attest', 'HEAD', '--mode', 'ed25519', '--key', key])).status, 0)
  const attested = await repo.git('notes', '--ref', 'pp/attestations', 'show', 'HEAD')
  const { predicate } = JSON.parse(Buffer.from(JSON.parse(attested).payload, 'base64').toString())
  t.like(predicate, {
    verdict: 'PRESERVED',
    executed: { lines: 5, ran: 5, notMeasured: 0 },
    runs: { reds: 0, before: 3 },
  })
  const trust = ['--key', `${key}.pub`]
  const refused = await pp(repo, ['verify', '--json', ...trust])
  t.deepEqual([refused.status, refused.json.verdict, refused.json['accepted']], [1, 'PRESERVED', false])
  t.regex(String(refused.json['mend']), /--accept refactor/)
  const taken = await pp(repo, ['verify', '--json', ...trust, '--accept', 'refactor'])
  t.deepEqual([taken.status, taken.json.verdict, taken.json['accepted']], [0, 'PRESERVED', true])
  t.is((await pp(repo, ['replay', '--json'])).json.verdict, 'REPRODUCED')
  await repo.git('commit', '-q', '--amend', '-m', 'Change, in other words')
  const amended = await pp(repo, ['verify', 'HEAD', '--json', ...trust, '--accept', 'refactor'])
  t.deepEqual([amended.status, amended.json.verdict], [0, 'PRESERVED_SAME_TREES'])
})

withPytest('the policy of the gate decides whether it passes, and how much tests have to run', async (t) => {
  const policy = (verify: string) => `proof_targets: [{name: unit, cmd: "${PYTEST}"}]\npolicy: {verify: {${verify}}}\n`
  const gated = async (verify: string, ...options: readonly string[]) => {
    const { repo, json } = await prove(
      t,
      { ...PYTHON, 'pp.yaml': policy(verify) },
      { 'calc.py': SUM.replace('+ 1', '+ 2') },
      PYTEST,
      ...options,
    )
    const { status, json: found } = await pp(repo, ['verify', '--json', '--allow-unsigned', '--policy-from', 'HEAD^'])
    return [json.verdict, status, found.verdict]
  }
  t.deepEqual(await gated('accept: [fix, refactor]', '--runs', '3'), ['PRESERVED', 0, 'PRESERVED_UNSIGNED'])
  t.deepEqual(await gated('accept: [fix, refactor], min_executed: 90', '--runs', '3'), ['NOT_RED', 1, 'NOT_A_PROOF'])
  t.deepEqual(await gated('runs: 3', '--mode', 'auto'), ['PRESERVED', 1, 'POLICY_MISMATCH'])
})

withPytest('a policy that states what it accepts is not loosened by an option', async (t) => {
  const base = { ...PYTHON, 'pp.yaml': 'policy: {verify: {accept: [fix]}}\n' }
  const refused = await prove(t, base, { 'calc.py': SUM }, PYTEST)
  t.is(refused.status, 2)
  t.regex(refused.json.reason ?? '', /^pp\.yaml:1: with --mode refactor, the policy does not accept PRESERVED/)
  t.is((await prove(t, base, { 'calc.py': SUM }, PYTEST, '--mode', 'auto')).json.verdict, 'NOT_RED')
})

withPytest('auto proves a fix by its red, and fix takes no refactoring', async (t) => {
  const fix = { 'calc.py': LOOP.replace('+= item', '-= item'), 'tests/test_calc.py': TEST, 'conftest.py': '' }
  t.is((await prove(t, fix, { 'calc.py': LOOP }, PYTEST, '--mode', 'auto')).json.verdict, 'PROVED')
  const refactor = await prove(t, fix, { 'calc.py': LOOP }, PYTEST)
  t.deepEqual([refactor.json.verdict, refactor.status], ['NOT_FIXED', 1])
  t.regex(refactor.json.reason ?? '', /^the command fails without the change \(tests\/test_calc\.py::test_total\)/)
  const plain = await prove(t, PYTHON, { 'calc.py': SUM }, PYTEST, '--runs', '3')
  t.deepEqual([plain.json.verdict, plain.status, plain.executed], ['NOT_RED', 1, undefined])
})

const ODD: readonly (readonly [
  what: string,
  change: Readonly<Record<string, string | null>>,
  verdict: string,
  reason: RegExp,
])[] = [
  [
    'no test runs the changed lines',
    { 'calc.py': LOOP.replace('x + 1', '1 + x') },
    'NOT_RED',
    /executed 0 of 2 changed lines/,
  ],
  [
    'only comments change',
    { 'calc.py': LOOP.replace('    return result', '    # done\n    return result') },
    'NOT_RED',
    /\(0 of 0\)/,
  ],
  [
    'the changed code runs only while files are loaded',
    { 'calc.py': LOOP.replace('= 10', '= 5 + 5') },
    'NOT_RED',
    /executed 0 of 2/,
  ],
  [
    'a test notices the change',
    { 'calc.py': LOOP.replace('result = 0', 'result = 1') },
    'NOT_FIXED',
    /not with it: tests\/test_calc\.py::test_\w+ fails, and 1 more/,
  ],
  [
    'a test is deleted',
    { 'calc.py': SUM, 'tests/test_calc.py': TEST.replace(/\n\ndef test_none[\s\S]*/, '') },
    'TESTS_CHANGED',
    /edits what decides: tests\/test_calc\.py/,
  ],
  [
    'a test is skipped',
    {
      'calc.py': SUM,
      'tests/test_calc.py': `import pytest\n${TEST.replace('def test_none', '@pytest.mark.skip\ndef test_none')}`,
    },
    'TESTS_CHANGED',
    /test_calc\.py/,
  ],
  [
    'an assertion is weakened',
    { 'calc.py': SUM, 'tests/test_calc.py': TEST.replace('== 3', '> 0') },
    'TESTS_CHANGED',
    /test_calc\.py/,
  ],
  ['a conftest is added', { 'calc.py': SUM, 'tests/conftest.py': '' }, 'TESTS_CHANGED', /conftest\.py/],
  ['a configuration is added', { 'calc.py': SUM, 'pytest.ini': '[pytest]\n' }, 'TESTS_CHANGED', /pytest\.ini/],
  [
    'tests skip themselves with the change',
    {
      'calc.py': `${SUM}\nimport sys\nif "pytest" in sys.modules:\n    import pytest\n    pytest.skip("no", allow_module_level=True)\n`,
    },
    'NOT_FIXED',
    /./,
  ],
]
for (const [what, change, verdict, reason] of sampled(ODD, 3))
  withPytest(`not PRESERVED: ${what}`, async (t) => {
    const { json, status } = await prove(t, PYTHON, change, PYTEST, '--mode', 'auto')
    t.is(json.verdict, verdict, json.reason)
    t.regex(json.reason ?? '', reason)
    t.is(status, 1)
  })

withPytest('a line that only the base ran counts, and an added test file runs on both trees', async (t) => {
  const base = { ...PYTHON, 'calc.py': LOOP.replace('    return result', '    result += 0\n    return result') }
  const added = 'from calc import unused\n\n\ndef test_unused():\n    assert unused(1) == 2\n'
  const { json, executed } = await prove(t, base, { 'calc.py': LOOP, 'tests/test_more.py': added }, PYTEST)
  t.is(json.verdict, 'PRESERVED', json.reason)
  t.deepEqual([executed.lines, executed.ran, json['judgesChanged']], [1, 1, ['tests/test_more.py']])
  t.is(json['same'], 3)
})

withPytest('a function that is called only by an import below a test does not count', async (t) => {
  const lazy = {
    ...PYTHON,
    'lazy.py': 'def build():\n    return [1]\n\n\nTABLE = build()\n',
    'tests/test_lazy.py': 'def test_lazy():\n    import lazy\n    assert lazy.TABLE == [1]\n',
  }
  const { json } = await prove(
    t,
    lazy,
    { 'lazy.py': 'def build():\n    return list((1,))\n\n\nTABLE = build()\n' },
    PYTEST,
  )
  t.is(json.verdict, 'NOT_RED', json.reason)
  t.regex(json.reason ?? '', /executed 0 of 2/)
})

test('tests of node:test are measured, what runs while their files are loaded is not', async (t) => {
  const change = {
    'calc.js': JS['calc.js'].replace(
      / {2}let result[\s\S]*?return result\n/,
      '  return items.reduce((a, b) => a + b, 0)\n',
    ),
  }
  const { json, executed } = await prove(t, JS, change, NODE)
  t.is(json.verdict, 'PRESERVED', json.reason)
  t.deepEqual(executed, { lines: 4, ran: 4, notRun: [], notMeasured: [] })
  const loaded = {
    ...JS,
    'calc.js': `${JS['calc.js']}\nfunction table() {\n  return [1]\n}\nexport const TABLE = table()\n`,
  }
  const only = await prove(t, loaded, { 'calc.js': loaded['calc.js'].replace('return [1]', 'return [0 + 1]') }, NODE)
  t.is(only.json.verdict, 'NOT_RED', only.json.reason)
  t.regex(only.json.reason ?? '', /executed 0 of 2 changed lines/)
  const comment = await prove(t, JS, { 'calc.js': `// sums\n${JS['calc.js']}` }, NODE)
  t.regex(comment.json.reason ?? '', /\(0 of 0\)/)
})

test('where no tracer tells calls of tests, nonsense in the changed files has to fail', async (t) => {
  const base = {
    'add.sh': 'echo $(($1 + $2))\n',
    'other.sh': 'echo 1\n',
    'tests/run.sh':
      'if [ "$(sh add.sh 2 3)" = 5 ]; then echo "ok 1 - adds"; else echo "not ok 1 - adds"; fi\necho 1..1\nsh add.sh 2 3 | grep -q 5\n',
  }
  const command = 'sh tests/run.sh'
  const { json, executed } = await prove(t, base, { 'add.sh': 'echo $(($2 + $1))\n' }, command)
  t.is(json.verdict, 'PRESERVED', json.reason)
  t.deepEqual(executed, { lines: 0, ran: 0, notRun: [], notMeasured: ['add.sh'] })
  t.regex(json.reason ?? '', /executed: not measured in add\.sh$/)
  const unread = await prove(t, base, { 'other.sh': 'echo 2\n' }, command)
  t.is(unread.json.verdict, 'NOT_RED', unread.json.reason)
  t.regex(unread.json.reason ?? '', /nonsense in other\.sh/)
})
