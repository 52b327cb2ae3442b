import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { bomb } from '../../helpers/bomb.ts'
import { launch } from '../../helpers/launch.ts'
import { nothingLeft } from '../../helpers/left.ts'
import { giveAway, ORDINARY } from '../../helpers/ordinary.ts'
import { pp } from '../../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const COMMAND = 'grep -q good state.txt'
/** Takes 300 MB and then does as if nothing had been. */
const HUNGRY = `python3 -c "b'1' * (300 << 20)"; ${COMMAND}`

/** What the bundle of the newest session says of where it ran. */
async function environment(repo: TestRepo, by: readonly string[], t: ExecutionContext) {
  const out = join(repo.home, 'bundle')
  await launch(t, repo, ['export', 'PP_HEAD', out], {}, by).ended
  return JSON.parse(await readFile(join(out, 'environment.json'), 'utf8')) as {
    readonly bounds: Readonly<Record<string, number | null>>
    readonly sandbox: { readonly enforces: Readonly<Record<string, boolean>> }
  }
}

for (const [who, by] of Object.entries({ 'the caller': [], 'an ordinary user': ORDINARY }))
  test(`a proof of ${who} says how much a run could use, and what of it nothing enforced`, async (t) => {
    const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
    await repo.commit('fix', { 'state.txt': 'good\n' })
    if (by.length > 0) await giveAway(repo)
    const ran = await launch(t, repo, ['prove', 'HEAD', COMMAND, '--runs', '1', '--json'], {}, by).ended
    t.is(ran.json.verdict, 'PROVED', ran.stdout + ran.stderr)
    const { bounds, sandbox } = await environment(repo, by, t)
    t.true((bounds['memory'] ?? 0) > 0 && (bounds['processes'] ?? 0) >= 512)
    const open = Object.entries({ memory: 'memory', processCount: 'number of processes' })
      .filter(([key]) => !sandbox.enforces[key])
      .map(([, word]) => word)
    const said = (ran.json['notShown'] as string[]).filter((line) => line.startsWith('limits that the sandbox'))
    t.is(said.length, open.length === 0 ? 0 : 1)
    for (const word of open) t.true(said[0]?.includes(word), `${said[0]} lacks ${word}`)
  })

test('a run that met a bound is no red, no green and no proof, whatever its status', async (t) => {
  const repo = await tempRepo(t, {
    'state.txt': 'bad\n',
    'pp.yaml': 'policy: {sandbox: {memory_limit: 64m}, limits: {max_processes: 40}}\n',
  })
  await repo.commit('fix', { 'state.txt': 'good\n' })
  const plain = await pp(repo, ['prove', 'HEAD', COMMAND, '--runs', '1', '--json'])
  t.is(plain.json.verdict, 'PROVED', plain.stdout + plain.stderr)
  const { sandbox } = await environment(repo, [], t)
  if (!sandbox.enforces['memory']) {
    t.pass('no cgroups here')
    return
  }
  for (const verb of [['prove', 'HEAD'], ['run']]) {
    const ran = await pp(repo, [...verb, HUNGRY, '--json'])
    t.deepEqual([ran.json.verdict, ran.status], ['NOT_RUN', 6], ran.stdout + ran.stderr)
    t.regex(String(ran.json.reason), /more memory than the limit of 64 MiB/)
    t.is(ran.json['mend'], 'raise sandbox.memory_limit')
  }
  const forks = await pp(repo, ['run', 'for i in $(seq 90); do sleep 3 & done; exit 1', '--json'])
  t.deepEqual([forks.json.verdict, forks.json['mend']], ['NOT_RUN', 'raise limits.max_processes'])
  await nothingLeft(repo)
})

test('a change that makes the command take all memory is not refuted by that, and not proved', async (t) => {
  const policy = 'policy: {sandbox: {memory_limit: 64m}}\n'
  const repo = await tempRepo(t, { 'pp.yaml': policy, 'do.sh': 'sh part.sh\n', 'part.sh': 'exit 1\n' })
  await repo.commit('eats', { 'part.sh': `python3 -c "b'1' * (300 << 20)"\n` })
  const ran = await pp(repo, ['prove', 'HEAD', 'sh do.sh', '--allow', 'part.sh', '--json'])
  // Where nothing bounds memory, as without cgroups, nothing takes it away either, and the proof says so.
  if (ran.json.verdict === 'PROVED') t.false((await environment(repo, [], t)).sandbox.enforces['memory'])
  else t.deepEqual([ran.json.verdict, ran.status], ['NOT_RUN', 6], ran.stdout + ran.stderr)
})

const EAT = `python3 -c "b'1' * (300 << 20)"; exit 1`
const LATER: Readonly<Record<string, { readonly cmd: string; readonly policy: string }>> = {
  'a separate command': { cmd: COMMAND, policy: `verify: {also: [{name: big, cmd: ${JSON.stringify(EAT)}}]}` },
  // Only with the configuration of the change, and without its product: here a red would speak for the change.
  'the run under the judges of the change': {
    cmd: `${COMMAND} || { [ -e conftest.py ] && { ${EAT}; }; false; }`,
    policy: 'tests: {patterns: []}',
  },
}

for (const [step, { cmd, policy }] of Object.entries(LATER))
  test(`${step} that meets a bound proves nothing`, async (t) => {
    const repo = await tempRepo(t, {
      'state.txt': 'bad\n',
      'pp.yaml': `policy: {sandbox: {memory_limit: 64m}, ${policy}}\n`,
    })
    await repo.commit('fix', { 'state.txt': 'good\n', 'conftest.py': '# new\n' })
    const ran = await pp(repo, ['prove', 'HEAD', cmd, '--runs', '1', '--json'])
    const { sandbox } = await environment(repo, [], t)
    const verdict = sandbox.enforces['memory'] ? 'NOT_RUN' : ran.json.verdict
    t.is(ran.json.verdict, verdict, ran.stdout + ran.stderr)
    if (sandbox.enforces['memory']) t.regex(String(ran.json.reason), /more memory than the limit/)
  })

test('a tree of trees that comes to billions of files is refused at once, wherever it stands', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  const tree = await bomb(repo, { wide: 10, deep: 10 })
  const commit = await repo.git('commit-tree', '-p', 'HEAD', '-m', 'boom', tree)
  const refused = async (words: readonly string[]) => {
    const ran = await pp(repo, [...words, '--json'])
    t.deepEqual([ran.json.verdict, ran.status], ['NOT_RUN', 6], words.join(' ') + ran.stdout + ran.stderr)
    t.regex(String(ran.json.reason), /holds more than 1000000 files and directories, so it is not checked out/)
  }
  await refused(['prove', commit, COMMAND])
  await refused(['run', COMMAND, '--base', commit])
  await repo.git('update-ref', 'HEAD', commit)
  await refused(['run', COMMAND])
  await refused(['prove', COMMAND])
  await repo.git('update-ref', 'HEAD', `${commit}^`)
  await nothingLeft(repo)
})
