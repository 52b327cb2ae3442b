import type { ExecutionContext } from 'ava'
import { BUGGY, type Case, MENDED, PYTEST } from '../helpers/bought/case.ts'
import { layCase } from '../helpers/bought/lay.ts'
import { where } from '../helpers/needs.ts'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn, sampled } from '../helpers/sample.ts'
import { NODE } from '../helpers/writing/node.ts'
import { BESIDE, HONEST, HOSTILE, REACHED } from '../helpers/writing/python.ts'
import { working } from '../integration/sandboxes/machine.ts'

const test = oneIn(2)

const usable = await working()

async function laid(t: ExecutionContext, one: Case): Promise<TestRepo> {
  const repo = await tempRepo(t, {})
  await layCase(repo.dir, one, repo.commit)
  return repo
}

const proving = (command = PYTEST) => ['prove', 'HEAD', command, '--runs', '1', '--json']

for (const one of sampled([...HONEST, ...HOSTILE, ...NODE, REACHED], 6))
  test(`${one.name}: ${one.verdict}`, async (t) => {
    const { json } = await pp(await laid(t, one), proving(one.command))
    t.is(json.verdict, one.verdict, `${json.reason} ${JSON.stringify(json['runs'])}`)
    t.true(json.reason?.includes(one.because ?? ''), json.reason)
    t.notRegex(JSON.stringify(json['failures']), /Read-only|EROFS/)
  })

test('the proof names what could be written, every run starts from the base, and a replay does the same', async (t) => {
  const repo = await laid(t, BESIDE)
  const { json } = await pp(repo, ['prove', 'HEAD', PYTEST, '--runs', '2', '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  const remark =
    "judges that the base's own run writes could be written in each run, as private copies: tests/fixtures/a.txt (rewritten)"
  t.true((json['notShown'] as string[]).includes(remark), String(json['notShown']))
  const replayed = await pp(repo, ['replay', '--json'])
  t.is(replayed.json.verdict, 'REPRODUCED', replayed.json.reason)
  t.is(await repo.git('status', '--porcelain'), '')
})

test('each of several targets starts from the bytes of the base', async (t) => {
  const target = (name: string) => ({ name, cmd: `sh tests/${name}.sh` })
  const policy = JSON.stringify({ proof_targets: [target('one'), target('two')] })
  const script = 'grep -q old tests/state.log || exit 3\necho new >tests/state.log\ngrep -q "a + b" calc.py\n'
  const base = { 'pp.json': policy, 'tests/state.log': 'old\n', 'tests/one.sh': script, 'tests/two.sh': script }
  const repo = await tempRepo(t, { ...base, 'calc.py': BUGGY })
  await repo.commit('Change', { 'calc.py': MENDED })
  const { json } = await pp(repo, ['prove', 'HEAD', '--runs', '1', '--json'])
  t.is(json.verdict, 'PROVED', json.reason)
  const codes = (json['runs'] as { ended: { code: number } }[]).map(({ ended }) => ended.code)
  t.deepEqual([...new Set(codes)].sort(), [0, 1])
})

test('a policy that lets no judge be written refuses a base that writes one', async (t) => {
  const policy = JSON.stringify({ policy: { tests: { writable: 'deny' } } })
  const repo = await laid(t, { ...BESIDE, base: { ...BESIDE.base, 'pp.json': policy } })
  const { status, json } = await pp(repo, proving())
  t.is(json.verdict, 'INVALID_RED')
  t.is(status, 6)
  t.regex(json.reason ?? '', /tests\.writable is deny: tests\/fixtures\/a\.txt/)
})

test('a write that only the change lets a test come to is let be where the policy lets judges change', async (t) => {
  const policy = JSON.stringify({ policy: { tests: { allow_changes: true } } })
  const repo = await laid(t, { ...REACHED, base: { ...REACHED.base, 'pp.json': policy } })
  const { json } = await pp(repo, proving())
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(String(json['notShown']), /as private copies: tests\/out\.txt/)
})

/** What the mend says to type, as argv without `git pp`. */
const typed = (mend: unknown) => /if this is meant: git pp (.*)/.exec(String(mend))?.[1] ?? ''

for (const [what, more] of [
  ['alone', {}],
  [
    'beside a test of its own',
    { 'tests/test_more.py': 'from calc import add\n\n\ndef test_more():\n    assert add(1, 1) == 2\n' },
  ],
] as const)
  test(`such a change ${what} is NOT_RUN with the line that lets it write this file, and that line proves it`, async (t) => {
    const policy = { 'pp.json': JSON.stringify({ proof_targets: [{ name: 'unit', cmd: PYTEST }] }) }
    const [base, change] = [
      { ...REACHED.base, ...policy },
      { ...REACHED.change, ...more },
    ]
    const repo = await laid(t, { ...REACHED, base, change })
    const { json } = await pp(repo, ['prove', 'HEAD', PYTEST, '--json'])
    t.is(json.verdict, 'NOT_RUN', json.reason)
    t.is(typed(json['mend']), `prove HEAD "${PYTEST}" --allow tests/out.txt`)
    const again = await pp(repo, ['prove', 'HEAD', PYTEST, '--allow', 'tests/out.txt', '--json'])
    t.is(again.json.verdict, 'PROVED', again.json.reason)
    t.true(again.json.reason?.startsWith('allowed by the user: tests/out.txt; '), again.json.reason)
    t.regex(String(again.json['notShown']), /as private copies: tests\/out\.txt \(rewritten\)/)
    const verified = await pp(repo, ['verify', 'HEAD', '--allow-unsigned', '--json'])
    t.is(verified.json.verdict, 'PROVED_UNSIGNED', verified.json.reason)
    const gated = await pp(repo, ['verify', 'HEAD', '--allow-unsigned', '--policy-from', 'HEAD~1', '--json'])
    t.is(gated.json.verdict, 'POLICY_MISMATCH', gated.json.reason)
    const replayed = await pp(repo, ['replay', '--json'])
    t.is(replayed.json.verdict, 'REPRODUCED', replayed.json.reason)
  })

test('a policy that names the file lets it be written too, and no other', async (t) => {
  const allow = (path: string) => JSON.stringify({ policy: { tests: { allow: [path] } } })
  const under = async (path: string) => {
    const repo = await laid(t, { ...REACHED, base: { ...REACHED.base, 'pp.json': allow(path) } })
    return (await pp(repo, proving())).json
  }
  t.is((await under('tests/out.txt')).verdict, 'PROVED')
  t.is((await under('tests/other.txt')).verdict, 'NOT_RUN')
})

for (const sandbox of ['unshare', 'none'])
  where(sandbox === 'none' || usable.includes(sandbox), 'unshare does not work here')(
    `${sandbox}: a test writes a tracked file beside itself before it fails: PROVED`,
    async (t) => {
      const repo = await laid(t, BESIDE)
      const open = sandbox === 'none' ? ['--network', 'allow'] : []
      const { json } = await pp(repo, [...proving(), '--sandbox', sandbox, ...open])
      t.is(json.verdict, 'PROVED', json.reason)
    },
  )
