import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { CALC, PYTEST } from '../helpers/calc.ts'
import { nothingLeft, sessionDirs } from '../helpers/left.ts'
import { startModelsServer } from '../helpers/models-server.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

interface Told {
  readonly area: string
  readonly level: string
  readonly text: string
  readonly mend: string | null
}

const checks = ({ json }: Ran) => json['checks'] as readonly Told[]
const worth = (ran: Ran, area: string) => checks(ran).filter((one) => one.area === area && one.level !== 'ok')
const policy = (cmd: string, more = '') => `proof_targets: [{name: unit, cmd: "${cmd}"}]\n${more}`

test('where everything is there it says so, changes nothing and leaves nothing', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': policy(PYTEST) })
  const before = await repo.snapshotState()
  const ran = await pp(repo, ['doctor', '--json'])
  t.is(ran.status, 0, ran.stdout)
  t.deepEqual(
    checks(ran).filter(({ level }) => level === 'problem'),
    [],
  )
  t.deepEqual(
    [...new Set(checks(ran).map(({ area }) => area))],
    'git policy sandbox command provider clock disk leftovers exposure'.split(' '),
  )
  t.regex(
    checks(ran).find(({ area }) => area === 'command')?.text ?? '',
    /python3 starts inside the sandbox \(Python 3/,
  )
  const restrictions = checks(ran).filter(({ area, text }) => area === 'sandbox' && /^(?:not )?enforced: /.test(text))
  t.is(restrictions.filter(({ text }) => /: (?:.*, )?system calls(?:,|$)/.test(text)).length, 1)
  t.deepEqual(await repo.snapshotState(), before)
  t.true(await nothingLeft(repo))
})

test('for people it is grouped, and nothing of the repository reaches the terminal raw', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': 'proof_targets: [{name: unit, cmd: "no\\u001b[31m-such"}]\n' })
  const ran = await pp(repo, ['doctor'])
  t.regex(ran.stdout, /^git: {7}ok {2}git version/m)
  t.false(ran.stdout.includes('\x1b'))
})

test('outside of a repository the machine alone is looked at', async (t) => {
  const repo = await tempRepo(t, CALC)
  const ran = await pp(repo, ['doctor', '--json'], { cwd: repo.home })
  t.is(ran.status, 2)
  t.is(ran.json.verdict, 'USAGE')
  t.true(checks(ran).some(({ area, text }) => area === 'sandbox' && /works/.test(text)))
})

test("a repository of another owner is status 4, with git's own command", async (t) => {
  const repo = await tempRepo(t, CALC)
  const ran = await pp(repo, ['doctor', '--json'], { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } })
  t.is(ran.status, 4)
  t.regex(worth(ran, 'git')[0]?.mend ?? '', /safe\.directory/)
})

test('a policy that cannot be read is status 2, and the rest is looked at all the same', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': 'policy: {networc: deny}\n' })
  const ran = await pp(repo, ['doctor', '--json'])
  t.is(ran.status, 2)
  t.regex(worth(ran, 'policy')[0]?.text ?? '', /pp\.yaml:1:10: .*network/)
  t.true(checks(ran).some(({ area }) => area === 'leftovers'))
})

for (const [what, cmd, says] of [
  ['program', 'no-such-runner -q', /the program no-such-runner does not exist inside the sandbox/],
  ['module of Python', 'python3 -m no_such_runner', /python3 has no module no_such_runner inside the sandbox/],
  [
    'program of node_modules',
    'npx --no-install no-such-runner',
    /no node_modules directory has the program no-such-runner/,
  ],
] as const) {
  test(`a ${what} that is not there inside of the sandbox is status 6`, async (t) => {
    const repo = await tempRepo(t, { ...CALC, 'pp.yaml': policy(cmd) })
    const ran = await pp(repo, ['doctor', '--json'])
    t.is(ran.status, 6)
    t.regex(worth(ran, 'command')[0]?.text ?? '', says)
  })
}

test('a program that only exists outside of the sandbox is missing', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': policy('hidden-runner') })
  const bin = join(repo.home, 'Documents')
  await fs.mkdir(bin)
  await fs.writeFile(join(bin, 'hidden-runner'), '#!/bin/sh\ntrue\n', { mode: 0o755 })
  await fs.symlink(join(bin, 'hidden-runner'), join(repo.home, 'hidden-runner'))
  const ran = await pp(repo, ['doctor', '--json'])
  t.is(ran.status, 6, ran.stdout)
})

test('a program of the tree is found and not started', async (t) => {
  const repo = await tempRepo(t, {
    ...CALC,
    'check.sh': '#!/bin/sh\nexec python3 -c "while True: pass"\n',
    'pp.yaml': policy('./check.sh'),
  })
  await fs.chmod(join(repo.dir, 'check.sh'), 0o755)
  await repo.commit('executable')
  const ran = await pp(repo, ['doctor', '--json'])
  t.is(ran.status, 0)
  t.regex(checks(ran).find(({ area }) => area === 'command')?.text ?? '', /exists inside the sandbox/)
})

test('no backend that works is status 6 with the command that would', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': `${policy(PYTEST)}policy: {sandbox: {backend: none}}\n` })
  const ran = await pp(repo, ['doctor', '--json'])
  t.is(ran.status, 6)
  t.regex(worth(ran, 'sandbox').at(-1)?.text ?? '', /--network allow/)
})

const OPENAI = (url: string) => ({
  PP_PROVIDER: 'openai',
  PP_OPENAI_API_KEY: 'k-e-y',
  PP_OPENAI_MODEL: 'm',
  PP_OPENAI_BASE_URL: url,
})

test('the provider is asked for its models with the key, and it is said before', async (t) => {
  const repo = await tempRepo(t, CALC)
  const server = await startModelsServer(t, 200, '{"data": [{"id": "m"}]}')
  const ran = await pp(repo, ['doctor', '--json'], { env: OPENAI(server.url) })
  t.is(ran.status, 0)
  t.deepEqual(server.asked, [{ method: 'GET', url: '/v1/models', key: 'Bearer k-e-y' }])
  t.regex(ran.stderr, /asking the provider: GET http:\/\/127\.0\.0\.1:\d+\/v1\/models with the key/)
  t.regex(checks(ran).find(({ area }) => area === 'provider')?.text ?? '', /knows m$/)
})

test('a key of git config that nothing reads is named, with the known one that may be meant', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': policy(PYTEST) })
  await repo.git('config', 'pp.limts.maxAttempts', '5')
  await repo.git('config', 'pp.model', 'm')
  const [found, ...others] = worth(await pp(repo, ['doctor', '--json']), 'policy')
  t.like(found, {
    level: 'note',
    text: 'git config pp.limts.maxattempts: git pp has no such setting, so it has no effect; did you mean pp.limits.maxAttempts?',
    mend: 'git config --local --unset-all pp.limts.maxattempts',
  })
  t.deepEqual(others, [])
})

test('a provider that is not configured is not asked', async (t) => {
  const repo = await tempRepo(t, CALC)
  const server = await startModelsServer(t, 200, '{"data": []}')
  await pp(repo, ['doctor'], { env: { ...OPENAI(server.url), PP_PROVIDER: 'search' } })
  t.deepEqual(server.asked, [])
})

test('a redirect is not followed, and the key stays', async (t) => {
  const repo = await tempRepo(t, CALC)
  const thief = await startModelsServer(t, 200, '{"data": [{"id": "m"}]}')
  const server = await startModelsServer(t, 302, '', { location: `${thief.url}/models` })
  const ran = await pp(repo, ['doctor', '--json'], { env: OPENAI(server.url) })
  t.is(ran.status, 7)
  t.deepEqual(thief.asked, [])
})

for (const [what, status, body] of [
  ['refuses the key', 401, '{"error": {"message": "bad key k-e-y"}}'],
  ['is broken', 503, ''],
] as const) {
  test(`a provider that ${what} is status 7, and the key is told nowhere`, async (t) => {
    const repo = await tempRepo(t, CALC)
    const server = await startModelsServer(t, status, body)
    const ran = await pp(repo, ['doctor', '--json'], { env: OPENAI(server.url) })
    t.is(ran.status, 7)
    t.is(ran.json.verdict, 'PROPOSER_FAILED')
    t.notRegex(ran.stdout + ran.stderr, /k-e-y/)
  })
}

for (const [what, status, body] of [
  ['has no list of models', 404, ''],
  ['does not list the model', 200, '{"data": [{"id": "other"}]}'],
  ['answers with something else', 200, '<html>'],
] as const) {
  test(`a provider that ${what} is worth a note`, async (t) => {
    const repo = await tempRepo(t, CALC)
    const server = await startModelsServer(t, status, body)
    const ran = await pp(repo, ['doctor', '--json'], { env: OPENAI(server.url) })
    t.is(ran.status, 0, ran.stdout)
    t.deepEqual(
      worth(ran, 'provider').map(({ level }) => level),
      ['note'],
    )
  })
}

test('the program of the command provider is looked for, and not run', async (t) => {
  const repo = await tempRepo(t, CALC)
  const mark = join(repo.home, 'ran')
  const there = await pp(repo, ['doctor', '--json'], { env: { PP_PROVIDER: 'command', PP_COMMAND: `touch ${mark}` } })
  t.is(there.status, 0)
  await t.throwsAsync(fs.access(mark))
  const gone = await pp(repo, ['doctor', '--json'], { env: { PP_PROVIDER: 'command', PP_COMMAND: 'no-such-agent -p' } })
  t.is(gone.status, 7)
  t.regex(worth(gone, 'provider')[0]?.text ?? '', /no-such-agent/)
})

test('each setting that exposes proofs is gone after the command that mends it', async (t) => {
  const repo = await tempRepo(t, CALC)
  const set = (...words: string[]) => repo.git('config', '--add', ...words)
  await set('remote.backup.url', repo.home)
  await set('remote.backup.mirror', 'true')
  await set('remote.odd name.push', '+refs/*:refs/*')
  await set('remote.o.fetch', '+refs/*:refs/*')
  await set('notes.displayRef', 'refs/notes/*')
  await set('notes.displayRef', 'refs/notes/commits')
  await repo.git('config', '--global', 'notes.rewriteRef', 'refs/notes/*')
  await set('log.initialDecorationSet', 'all')
  await set('transfer.hideRefs', 'refs/pp')
  const found = worth(await pp(repo, ['doctor', '--json']), 'exposure')
  t.is(found.length, 7)
  for (const { mend } of found)
    await promisify(execFile)('sh', ['-c', mend ?? 'false'], { cwd: repo.dir, env: repo.env })
  t.deepEqual(worth(await pp(repo, ['doctor', '--json']), 'exposure'), [])
  t.is(await repo.git('config', '--get-all', 'notes.displayRef'), 'refs/notes/commits')
})

test('git itself sends nothing of ours to a remote whose push was mended', async (t) => {
  const repo = await tempRepo(t, CALC)
  const bare = join(repo.home, 'bare.git')
  await repo.git('init', '-q', '--bare', bare)
  await repo.git('config', 'remote.o.url', bare)
  await repo.git('config', 'remote.o.push', '+refs/*:refs/*')
  for (const ref of ['refs/pp/x/base', 'refs/notes/pp/bundles', 'refs/notes/pp-local/bundles', 'refs/notes/commits'])
    await repo.git('update-ref', ref, 'HEAD')
  const [found] = worth(await pp(repo, ['doctor', '--json']), 'exposure')
  await promisify(execFile)('sh', ['-c', found?.mend ?? 'false'], { cwd: repo.dir, env: repo.env })
  await repo.git('push', '-q', 'o')
  t.is(await repo.git('--git-dir', bare, 'for-each-ref', '--format=%(refname)'), 'refs/heads/main\nrefs/notes/commits')
})

test('what dead sessions left is counted and stays; gc is named', async (t) => {
  const repo = await tempRepo(t, CALC)
  const dead = join(repo.env['XDG_CACHE_HOME'] ?? '', 'git-pp/sessions/01jdead')
  await fs.mkdir(dead, { recursive: true, mode: 0o700 })
  await fs.writeFile(join(dead, 'owner'), '{"pid": 1, "started": "1", "boot": "other", "space": "other"}\n')
  await fs.utimes(dead, new Date(0), new Date(0))
  const ran = await pp(repo, ['doctor', '--json'])
  t.is(ran.status, 0)
  t.deepEqual(
    worth(ran, 'leftovers').map(({ mend }) => mend),
    ['git pp gc'],
  )
  t.deepEqual(sessionDirs(repo), [dead])
  await pp(repo, ['gc'])
  t.deepEqual(worth(await pp(repo, ['doctor', '--json']), 'leftovers'), [])
})

test('a clock behind the newest commit is told', async (t) => {
  const repo = await tempRepo(t, CALC)
  const date = '2099-01-02T03:04:05Z'
  await promisify(execFile)('git', ['commit', '-q', '--allow-empty', '-m', 'x'], {
    cwd: repo.dir,
    env: { ...repo.env, GIT_COMMITTER_DATE: date },
  })
  t.regex(worth(await pp(repo, ['doctor', '--json']), 'clock')[0]?.text ?? '', /behind the date of the commit HEAD/)
})

test('shallow and partial clones are told with what makes them whole', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.commit('second', { 'b.py': '' })
  await repo.git('config', 'uploadpack.allowFilter', 'true')
  const clone = join(repo.home, 'clone')
  await repo.git('clone', '-q', '--depth=1', '--filter=blob:none', `file://${repo.dir}`, clone)
  const look = async () => worth(await pp(repo, ['doctor', '--json'], { cwd: clone }), 'git')
  const found = await look()
  t.deepEqual(
    found.map(({ text }) => text.split(':')[0]),
    ['this is a shallow clone', 'this is a partial clone of origin'],
  )
  for (const { mend } of found) await promisify(execFile)('sh', ['-c', mend ?? 'false'], { cwd: clone, env: repo.env })
  t.deepEqual(
    (await look()).map(({ text }) => text.split(':')[0]),
    ['this is a partial clone of origin'],
  )
  const missing = await promisify(execFile)('git', ['rev-list', '--objects', '--all', '--missing=print'], {
    cwd: clone,
    env: repo.env,
  })
  t.notRegex(missing.stdout, /^\?/m)
})

test('a cache that others can look into is told', async (t) => {
  const repo = await tempRepo(t, CALC)
  const cache = join(repo.env['XDG_CACHE_HOME'] ?? '', 'git-pp')
  await fs.mkdir(cache, { recursive: true, mode: 0o755 })
  t.regex(worth(await pp(repo, ['doctor', '--json']), 'disk')[0]?.text ?? '', /other users can read/)
})
