import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'

const TARGET = 'proof_targets:\n  - {name: unit, cmd: "grep -q good src/state.txt"}\n'
const FILES = { 'src/state.txt': 'bad\n', 'lib/other.txt': 'other\n', 'pp.yaml': TARGET }
const STRICT = `${TARGET}policy: {write_allowlist: ["src/**"]}\n`

/** A branch topic that leaves from an old commit, and a main on which the policy of FILES was replaced. */
async function branches(
  t: ExecutionContext,
  main: Readonly<Record<string, string>>,
  topic: Readonly<Record<string, string>>,
): Promise<TestRepo> {
  const repo = await tempRepo(t, FILES)
  await repo.git('branch', 'old')
  await repo.commit('Stricter', main)
  await repo.git('checkout', '-q', '-b', 'topic', 'old')
  await repo.commit('Mend', topic)
  return repo
}

const MENDED = { 'src/state.txt': 'good\n' }
const OUTSIDE = { ...MENDED, 'lib/other.txt': 'changed\n' }
const prove = (repo: TestRepo, ...more: readonly string[]) => pp(repo, ['prove', ...more, '--runs', '1', '--json'])

test('the policy of the named commit counts, not that of the commit from which the branch leaves', async (t) => {
  const repo = await branches(t, { 'pp.yaml': STRICT }, OUTSIDE)
  const lax = await prove(repo, 'main..topic')
  t.is(lax.json.verdict, 'PROVED', lax.json.reason)
  const { json, status } = await prove(repo, 'main..topic', '--policy-from', 'main')
  t.is(json.verdict, 'DENIED', json.reason)
  t.is(status, 1)
  t.regex(String(json.reason), /outside of write_allowlist/)
})

test('so do its policies of directories', async (t) => {
  const repo = await branches(t, { 'lib/pp.yaml': 'policy: {deny_write: ["**"]}\n' }, OUTSIDE)
  t.is((await prove(repo, 'main..topic')).json.verdict, 'PROVED')
  const { json } = await prove(repo, 'main..topic', '--policy-from', 'main')
  t.is(json.verdict, 'DENIED', json.reason)
  t.regex(String(json.reason), /deny_write/)
})

test('the record names the commit of the policy, and verifiers accept it where it is as strict as that of the base', async (t) => {
  const repo = await branches(t, { 'pp.yaml': STRICT }, MENDED)
  const { json } = await pp(repo, ['prove', 'main..topic', '--policy-from', 'main', '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  const out = join(repo.home, 'bundle')
  await pp(repo, ['export', 'PP_HEAD', out])
  const policy = JSON.parse(await readFile(join(out, 'policy.json'), 'utf8')) as { files: { commit: string }[] }
  t.deepEqual(
    policy.files.map(({ commit }) => commit),
    [await repo.git('rev-parse', 'main')],
  )
  const verified = await pp(repo, ['verify', 'topic', '--policy-from', 'main', '--allow-unsigned', '--json'])
  t.is(verified.json.verdict, 'PROVED_UNSIGNED', verified.json.reason)
})

test('a proof under a laxer policy of another commit than the base is POLICY_MISMATCH', async (t) => {
  const repo = await tempRepo(t, { ...FILES, 'pp.yaml': STRICT })
  await repo.git('checkout', '-q', '-b', 'lax')
  await repo.commit('Laxer', { 'pp.yaml': TARGET })
  await repo.git('checkout', '-q', '-b', 'topic', 'main')
  await repo.commit('Mend', OUTSIDE)
  const { json } = await prove(repo, 'HEAD', '--policy-from', 'lax')
  t.is(json.verdict, 'PROVED', json.reason)
  const verified = await pp(repo, ['verify', 'topic', '--allow-unsigned', '--json'])
  t.is(verified.json.verdict, 'POLICY_MISMATCH', verified.json.reason)
  t.regex(String(verified.json.reason), /weaker than pp\.yaml of the base: write_allowlist/)
})

test('a change that does not start at the merge base is not allowed, and the answer says what to type', async (t) => {
  const repo = await branches(t, { 'pp.yaml': STRICT }, { 'lib/other.txt': 'changed first\n' })
  await repo.commit('Mend afterwards', MENDED)
  const { json, status } = await prove(repo, 'HEAD', '--policy-from', 'main')
  t.is(status, 4)
  t.regex(String(json.reason), /the change starts from [0-9a-f]{12}, but the merge base with main is [0-9a-f]{12}/)
  t.regex(String(json['mend']), /^git pp prove main\.\.[0-9a-f]{12} --policy-from main$/)
  t.is((await prove(repo, 'main..topic', '--policy-from', 'main')).json.verdict, 'DENIED')
})

test('a commit that does not exist is wrong usage, and one without a common ancestor is not allowed', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.git('branch', 'bare', await repo.git('commit-tree', `${await emptyTree(repo)}`, '-m', 'Empty'))
  await repo.commit('Mend', MENDED)
  t.is((await prove(repo, 'HEAD', '--policy-from', 'nowhere')).status, 2)
  t.is((await prove(repo, 'HEAD', '--policy-from', 'bare')).status, 4)
})

function emptyTree(repo: TestRepo): Promise<string> {
  return repo.gitWith('', 'mktree')
}

test('with --each, a commit may start at one that was proved before it', async (t) => {
  const repo = await branches(t, { 'pp.yaml': STRICT }, MENDED)
  await repo.commit('More', { 'src/more.txt': 'more\n' })
  const { json } = await prove(repo, 'main..topic', '--each', '--policy-from', 'main')
  const verdicts = (json['results'] as { verdict: string; reason: string }[]).map(({ verdict }) => verdict)
  t.deepEqual(verdicts, ['PROVED', 'NOT_RED'], JSON.stringify(json['results']))
})

const CHECK = 'for t in tests/*.sh; do sh $t || exit 1; done\n'
/** A range whose first commit hides which script decides, for the second one to change it. */
const PREPARED = {
  'pp.yaml':
    'proof_targets:\n  - {name: unit, cmd: "sh check.sh"}\npolicy: {tests: {allow: ["check.sh"]}, verify: {runs: 1}}\n',
  'check.sh': `sh tools/check_b.sh || exit 1\n${CHECK}`,
  'tools/check_b.sh': '! grep -q worse src/b.js\n',
  'tests/a.sh': 'grep -q good src/a.js\n',
  'src/a.js': 'bad\n',
  'src/b.js': 'fine\n',
}

async function preparedRange(t: ExecutionContext): Promise<TestRepo> {
  const repo = await tempRepo(t, PREPARED)
  await repo.git('branch', 'old')
  await repo.commit('Mend a', {
    'src/a.js': 'good\n',
    'check.sh': `sh tools/$(echo check_b).sh || exit 1\n${CHECK}`,
  })
  await repo.commit('Mend b', {
    'src/b.js': 'better and worse\n',
    'tools/check_b.sh': 'true\n',
    'tests/b.sh': 'grep -q better src/b.js\n',
  })
  return repo
}

test('what decides where a range starts decides in all of its commits', async (t) => {
  const repo = await preparedRange(t)
  const { json } = await prove(repo, 'old..HEAD', '--each')
  const results = json['results'] as { verdict: string; reason: string }[]
  t.deepEqual(
    results.map(({ verdict }) => verdict),
    ['PROVED', 'TESTS_CHANGED'],
    JSON.stringify(json),
  )
  t.regex(results[1]?.reason ?? '', /tools\/check_b\.sh/)
})

test('a proof that does not count such a file among the judges does not pass the gate', async (t) => {
  const repo = await preparedRange(t)
  t.is((await prove(repo, 'HEAD~1')).json.verdict, 'PROVED')
  const alone = await prove(repo, 'HEAD')
  t.is(alone.json.verdict, 'PROVED', alone.json.reason)
  const { json } = await pp(repo, ['verify', 'old..HEAD', '--policy-from', 'old', '--allow-unsigned', '--json'])
  const results = json['results'] as { verdict: string; reason: string }[]
  t.deepEqual(
    results.map(({ verdict }) => verdict),
    ['PROVED_UNSIGNED', 'POLICY_MISMATCH'],
    JSON.stringify(json),
  )
  t.regex(results[1]?.reason ?? '', /tools\/check_b\.sh decides in old/)
})
