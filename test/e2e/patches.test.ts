import test from 'ava'
import { CALC, PYTEST } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const patch = (line: string) =>
  `--- a/calc.py\n+++ b/calc.py\n@@ -1,3 +1,3 @@\n def add(a, b):\n-    return a - b\n+    return ${line}\n \n`
const lines = (...all: readonly (object | string)[]) =>
  all.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('')
const verdicts = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const byLine = (text: string) =>
  verdicts(text)
    .sort((a, b) => Number(a['line']) - Number(b['line']))
    .map(({ id, verdict, known }) => [id, verdict, known])

const BATCH = lines(
  { id: 'right', patch: patch('a + b') },
  { instance_id: 'wrong', model_patch: patch('a * b'), base_commit: 'HEAD' },
  { id: 3, patch: patch('a + b'), command: ['python3', '-m', 'pytest', '-q', 'test_calc.py'] },
  { id: 'no base', base: 'nowhere', patch: patch('a + b') },
  { id: 'does not apply', patch: patch('a + b').replace('a - b', 'a / b') },
  '',
  'no JSON',
  { id: 'no patch' },
)

test('each patch of a file gets a verdict, and the same file is not run again', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.write('patches.jsonl', BATCH)
  const words = ['prove', '--patches', 'patches.jsonl', '--runs', '1', '--jobs', '2', PYTEST]
  const first = await pp(repo, words)
  t.is(first.status, 2, first.stderr)
  const expected = (known: boolean) => [
    ['right', 'PROVED', known],
    ['wrong', 'NOT_FIXED', known],
    ['3', 'PROVED', known],
    ['no base', 'USAGE', false],
    ['does not apply', 'USAGE', false],
    [null, 'USAGE', false],
    ['no patch', 'USAGE', false],
  ]
  t.deepEqual(byLine(first.stdout), expected(false))
  t.regex(first.stderr, /^PROVED +2\nNOT_FIXED +1\nUSAGE +4\n7 patches in [\d.]+ s\n/m)
  const [right] = verdicts(first.stdout).filter(({ id }) => id === 'right')
  t.is((await pp(repo, ['verify', String(right?.['final']), '--allow-unsigned'])).status, 0)

  const more = lines({ id: 'new', patch: patch('b + a') })
  const again = await pp(repo, words.with(2, '-'), { input: BATCH + more })
  t.deepEqual(byLine(again.stdout), [...expected(true), ['new', 'PROVED', false]])
  t.regex(again.stderr, /8 patches in [\d.]+ s, 3 of them known from an earlier call$/m)
})

test('a patch that stands twice in a file is proved once, and another policy asks again', async (t) => {
  const repo = await tempRepo(t, CALC)
  const input = lines({ id: 'one', patch: patch('a + b') }, { id: 'two', patch: patch('a + b') })
  const words = ['prove', '--patches', '-', '--jobs', '2', '--json', '--runs', '1', PYTEST]
  const { json } = await pp(repo, words, { input })
  t.like(json, { verdict: 'PROVED', reason: '2 PROVED', counts: { PROVED: 2 } })
  const patches = json['patches'] as Record<string, unknown>[]
  t.is(new Set(patches.map(({ session }) => session)).size, 1)
  t.deepEqual(patches.map(({ known }) => known).sort(), [false, true])
  const other = await pp(repo, words.with(-2, '0'), { input })
  t.like(other.json, { verdict: 'PASSED_ONCE', counts: { PASSED_ONCE: 2 } })
})

test('a proof that was changed since is not believed', async (t) => {
  const repo = await tempRepo(t, CALC)
  const input = lines({ id: 'one', patch: patch('a + b') })
  const words = ['prove', '--patches', '-', '--runs', '1', PYTEST]
  const [first] = verdicts((await pp(repo, words, { input })).stdout)
  const note = await repo.git('notes', '--ref=pp/bundles', 'show', String(first?.['final']))
  await repo.git(
    'notes',
    '--ref=pp/bundles',
    'add',
    '-f',
    '-m',
    note.replace('PROVED', 'PROVEN'),
    String(first?.['final']),
  )
  const [second] = verdicts((await pp(repo, words, { input })).stdout)
  t.like(second, { verdict: 'PROVED', known: false })
})

test('what does not work beside a file of patches is refused', async (t) => {
  const repo = await tempRepo(t, CALC)
  for (const more of [['HEAD', PYTEST], ['--each'], ['--patch', 'x.diff'], ['--apply'], ['--flaky']])
    t.is((await pp(repo, ['prove', '--patches', '-', ...more], { input: '{}' })).status, 2, more.join(' '))
  t.is((await pp(repo, ['prove', '--patches', 'gone.jsonl'])).status, 2)
  t.is((await pp(repo, ['prove', '--patches', '-', PYTEST], { input: '\n' })).status, 2)
})

test('in CI, and after runs without a sandbox, nothing is known from before', async (t) => {
  const repo = await tempRepo(t, CALC)
  const input = lines({ id: 'one', patch: patch('a + b') })
  const words = ['prove', '--patches', '-', '--runs', '1', PYTEST]
  const known = async (env: Record<string, string>, ...more: string[]) =>
    verdicts((await pp(repo, [...words.slice(0, -1), ...more, PYTEST], { input, env })).stdout)[0]?.['known']
  const bare = ['--sandbox', 'none', '--network', 'allow']
  t.deepEqual([await known({}, ...bare), await known({}, ...bare)], [false, false])
  t.deepEqual([await known({}), await known({ CI: 'true' }), await known({})], [false, false, true])
})
