import test from 'ava'
import { pp, type Ran } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const VALUE = { value: '1\n', 'check.sh': 'test "$(cat value)" = 2\n' }
const RIGHT = '--- a/value\n+++ b/value\n@@ -1 +1 @@\n-1\n+2\n'
const COMMAND = 'sh check.sh'

interface Attempt {
  readonly commit: string | null
  readonly verdict: string
  readonly refusals: readonly { readonly rule: string; readonly path: string | null; readonly source: unknown }[]
}

function attempts({ json }: Ran): readonly Attempt[] {
  return json['attempts'] as readonly Attempt[]
}

const POLICY = 'policy:\n  deny_write:\n    - value\n'

test('a patch of a file that no proposer may see is refused by the rule that hides it', async (t) => {
  const repo = await tempRepo(t, { ...VALUE, 'pp.yaml': POLICY })
  const ran = await pp(repo, ['run', '--json', '--provider', 'stub', COMMAND], { env: { PP_STUB_REPLY: RIGHT } })
  t.is(ran.json.verdict, 'DENIED', ran.stdout)
  t.is(ran.status, 1)
  const [first] = attempts(ran)
  t.is(first?.commit, null)
  t.like(first?.refusals[0], { rule: 'deny_write', path: 'value', source: { file: 'pp.yaml', line: 3 } })
})

test('a new file in the place of one that no proposer may see is refused by the same rule', async (t) => {
  const repo = await tempRepo(t, { ...VALUE, 'pp.yaml': POLICY })
  const fresh = '--- /dev/null\n+++ b/value\n@@ -0,0 +1 @@\n+2\n'
  const ran = await pp(repo, ['run', '--json', '--provider', 'stub', COMMAND], { env: { PP_STUB_REPLY: fresh } })
  t.like(attempts(ran)[0], { verdict: 'DENIED', refusals: [{ rule: 'deny_write', path: 'value' }] }, ran.stdout)
})

test('prove tells every refusal of a change, and a refused change is no attempt that was tried', async (t) => {
  const repo = await tempRepo(t, { ...VALUE, other: '1\n', 'pp.yaml': 'policy:\n  deny_write: [value, other]\n' })
  await repo.commit('change', { value: '2\n', other: '2\n' })
  const ran = await pp(repo, ['prove', '--json', 'HEAD', COMMAND])
  t.is(ran.json.verdict, 'DENIED')
  const [only] = attempts(ran)
  t.is(only?.commit, null)
  t.deepEqual(
    only?.refusals.map(({ rule, path, source }) => ({ rule, path, source })),
    ['other', 'value'].map((path) => ({ rule: 'deny_write', path, source: { file: 'pp.yaml', line: 2 } })),
  )
})

test('a directory that is not there is wrong usage, and no fault of this tool', async (t) => {
  const repo = await tempRepo(t, VALUE)
  for (const name of ['nothing', 'value']) {
    const ran = await pp(repo, ['import', '--json', name])
    t.is(ran.status, 2, ran.stdout)
    t.regex(String(ran.json.reason), /there is no directory/)
  }
})

test('a command outside of the policy is refused with the line that would allow it', async (t) => {
  const repo = await tempRepo(t, { ...VALUE, 'pp.yaml': 'policy:\n  minimize: true\n  allowed_commands: ["true"]\n' })
  const ran = await pp(repo, ['run', '--json', COMMAND])
  t.is(ran.status, 4)
  t.is(ran.json.verdict, 'DENIED')
  t.regex(String(ran.json.reason), /allowed_commands \(pp\.yaml:3\)/)
})

test('a policy below the one in force binds the files that lie there, and both prove and run say that it is there', async (t) => {
  const repo = await tempRepo(t, { ...VALUE, 'lib/value': '1\n', 'lib/pp.yaml': 'policy:\n  deny_write: [value]\n' })
  await repo.commit('change', { value: '2\n', 'lib/value': '2\n' })
  const ran = await pp(repo, ['prove', '--json', 'HEAD', COMMAND])
  t.is(ran.json.verdict, 'DENIED', ran.stdout)
  const [only] = attempts(ran)
  t.deepEqual(only?.refusals, [
    { ...only?.refusals[0], rule: 'deny_write', path: 'lib/value', source: { file: 'lib/pp.yaml', line: 2 } },
  ])
  t.regex(JSON.stringify(ran.json['warnings']), /lib\/pp\.yaml applies only below lib\//)
  const green = await pp(repo, ['run', '--json', COMMAND])
  t.regex(JSON.stringify(green.json['warnings']), /lib\/pp\.yaml applies only below lib\//)
})

test('prove says nothing of policies that lie where the change has no file', async (t) => {
  const repo = await tempRepo(t, { ...VALUE, 'lib/pp.yaml': 'policy:\n  deny_write: [value]\n' })
  await repo.commit('change', { value: '2\n' })
  const ran = await pp(repo, ['prove', '--json', '--runs', '1', 'HEAD', 'grep -q 2 value'])
  t.is(ran.json.verdict, 'PROVED', ran.stdout)
  t.deepEqual(ran.json['warnings'], [])
})

test('--policy brings no target past the allowed_commands of the base', async (t) => {
  const closed = { 'pp.yaml': 'policy:\n  allowed_commands: []\n', 'more.yaml': '' }
  const repo = await tempRepo(t, { ...VALUE, ...closed })
  await repo.commit('change', { value: '2\n' })
  await repo.write('more.yaml', 'proof_targets:\n  - {name: easy, cmd: "sh check.sh"}\n')
  for (const verb of [['prove', 'HEAD'], ['run']]) {
    const ran = await pp(repo, [...verb, '--policy', 'more.yaml', '--json'])
    t.is(ran.status, 2, ran.stdout)
    t.regex(String(ran.json.reason), /more\.yaml:2 adds the target "easy", but pp\.yaml:2 does not allow its command/)
  }
})
