import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { CALC, PYTEST } from '../helpers/calc.ts'
import { startModelServer } from '../helpers/model-server.ts'
import { pp } from '../helpers/pp.ts'
import { type Files, type TestRepo, tempRepo } from '../helpers/repo.ts'

const POLICY = `proof_targets:
  - {name: unit, cmd: "${PYTEST}"}
policy:
  limits: {max_attempts: 1}
  verify: {runs: 1, also: [{name: apart, cmd: "sh held-out-word.sh"}]}
`

async function promptOf(t: ExecutionContext, repo: TestRepo, ...command: string[]): Promise<string> {
  const { status, stdout, stderr } = await pp(repo, ['run', ...command, '--show-prompt'])
  t.is(status, 0, stderr)
  return stdout
}

test('the first request holds the failing test and what it ran, and neither policy, separate commands nor secrets', async (t) => {
  const secret = 'sk-proj-Zx8Qw2Lk5Vn9Rt3Yb7Mc1Pd4'
  const repo = await tempRepo(t, {
    ...CALC,
    'pp.yaml': POLICY,
    'held-out-word.sh': 'exit 0\n',
    'unused.py': 'def unused():\n    return 1\n'.repeat(30),
    '.env': `API_TOKEN=${secret}\n`,
  })
  const prompt = await promptOf(t, repo)
  t.regex(prompt, /^>5\| {5}assert add\(2, 3\) == 5$/m)
  t.regex(prompt, /^calc\.py:\n<<<FILE \w+\n 1\| def add\(a, b\):\n>2\| {5}return a - b\n/m)
  for (const absent of [secret, 'held-out-word', 'max_attempts', 'proof_targets', 'def unused'])
    t.false(prompt.includes(absent), absent)
  t.true(prompt.length <= 6000, String(prompt.length))
})

test('a command that prints nothing gets the files that it names, and what those name', async (t) => {
  const repo = await tempRepo(t, {
    'check.sh': '. ./lib.sh\ntest "$(total 1 2)" = 3\n',
    'lib.sh': 'total() {\n  echo $(($1 - $2))\n}\n',
    'other.py': 'def other():\n    return 1\n',
  })
  const prompt = await promptOf(t, repo, 'sh check.sh')
  t.regex(prompt, /total\(\) \{/)
  t.regex(prompt, /test "\$\(total 1 2\)" = 3/)
})

test('what --show-prompt prints is what a server gets, byte for byte', async (t) => {
  const odd = { 'calc.py': `${CALC['calc.py']}\n\nMARK = "\u2714\ufe0f a\u200bb"\n` }
  const repo = await tempRepo(t, { ...CALC, ...odd })
  const server = await startModelServer([{ does: 'empty' }])
  t.teardown(() => server.close())
  const shown = await promptOf(t, repo, PYTEST)
  const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted' }
  await pp(repo, ['run', PYTEST, '--provider', 'local', '--json'], { env })
  const sent = server.requests[0]?.body['messages'] as { content: string }[]
  // Times are the only thing that two runs of one command tell apart.
  const timeless = (text: string) =>
    text.replace(/in \d+\.\d+s/g, 'in 0s').replace(/(OUTPUT|TEST|FILE) [0-9a-f]{12}/g, '$1')
  t.is(timeless(`${sent.map(({ content }) => content).join('\n\n')}\n`), timeless(shown))
  t.true(shown.includes('\u2714\ufe0f a\u200bb'))
  t.is(server.requests.filter(({ body }) => JSON.stringify(body['messages']) === JSON.stringify(sent)).length, 1)
})

/** The trace.json of a session that found no mend. */
async function traceOf(t: ExecutionContext, files: Files): Promise<{ kept: boolean; why: string | null }> {
  const repo = await tempRepo(t, { ...files, 'pp.yaml': POLICY.replace('limits: {', 'limits: {max_candidates: 1, ') })
  const { json } = await pp(repo, ['run', '--json'])
  t.is(json.verdict, 'NOT_FIXED', json.reason)
  const dir = join(repo.home, 'bundle')
  const exported = await pp(repo, ['export', String(json['session']), dir])
  t.is(exported.status, 0, exported.stderr)
  return JSON.parse(await fs.readFile(join(dir, 'attempts/0_baseline/unit/trace.json'), 'utf8'))
}

const HARD = 'def answer():\n    raise NotImplementedError\n'

test('the bundle says what was traced', async (t) => {
  const test = 'from hard import answer\n\n\ndef test_answer():\n    assert answer() == [4, 8, 15]\n'
  const trace = await traceOf(t, { 'hard.py': HARD, 'test_hard.py': test })
  t.like(trace, { kept: true, why: null, tracers: [{ kind: 'python', tests: 1, files: 2, frames: 0 }] })
})

const MANY = Array.from({ length: 8 }, (_, at) => `def part${at}(n):\n    return n + ${at}\n\n\n`).join('')
const MANY_TESTS =
  'from many import *\n\n\ndef test_odd():\n    assert part0(part1(part2(part3(part4(part5(part6(part7(0)))))))) == 0\n\n\ndef test_even():\n    assert part0(0) == 0\n\n\ndef test_other():\n    assert part1(0) == 0\n'

test('a command that names one test is traced with the other tests of its file, of which those that fail do not count', async (t) => {
  const repo = await tempRepo(t, { 'many.py': MANY, 'test_many.py': MANY_TESTS })
  const { json } = await pp(repo, ['run', `${PYTEST} test_many.py::test_odd`, '--json', '--provider', 'search'], {
    env: { PP_LIMITS_MAX_CANDIDATES: '1' },
  })
  const dir = join(repo.home, 'bundle')
  await pp(repo, ['export', String(json['session']), dir])
  const [folder = ''] = await fs.readdir(join(dir, 'attempts/0_baseline'))
  const trace = JSON.parse(await fs.readFile(join(dir, 'attempts/0_baseline', folder, 'trace.json'), 'utf8')) as unknown
  t.like(trace, { kept: true, why: null, tracers: [{ kind: 'python', tests: 3 }] })
})

test('a trace of a run that does not fail as before is dropped, and the bundle says so', async (t) => {
  const test =
    'import sys\nfrom hard import answer\n\n\ndef test_answer():\n    if "pp_trace" not in sys.modules:\n        answer()\n'
  const trace = await traceOf(t, { 'hard.py': HARD, 'test_hard.py': test })
  t.like(trace, { kept: false, why: 'the command was red, but green while it was traced' })
})
