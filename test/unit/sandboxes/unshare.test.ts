import { accessSync, constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { homedir } from 'node:os'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import unshare from '../../../src/engine/sandboxes/unshare.ts'
import { ATTACK, world } from '../../helpers/attack.ts'
import {
  commandLines,
  complained,
  engine,
  host,
  job,
  outcome,
  said,
  syntheticGit,
  users,
  workspace,
} from './machine.ts'

const kind = 'unshare'
const exited = (code: number) => ({ how: 'exited' as const, code })

async function attacked(t: Parameters<typeof host>[0], sandbox: string, who: (typeof users)[number]) {
  const at = await host(t, { who })
  const toolchain = path.join(at.home, '.cargo')
  const prey = { ...at, path: `${toolchain}/bin:${at.path}` }
  const { targets, hits } = await world(t, prey, toolchain, 'judge.txt')
  const git = await syntheticGit(at, { 'judge.txt': 'judge' })
  const script = await fs.readFile(ATTACK, 'utf8')
  const files = { '.git': 'gitdir: /elsewhere\n', 'judge.txt': 'judge', 'attack-file': '', 'attack.py': script }
  const command = { argv: ['/usr/bin/python3', 'attack.py', JSON.stringify(targets)] }
  const more = { files, git, job: { command, readOnly: ['judge.txt'] } }
  const run = await outcome(engine(sandbox, prey, '', more, { env: { ...process.env, PP_SECRET_KEY: 'x' } }))
  t.deepEqual(run.ended, exited(0), run.err)
  const rows = Object.entries(JSON.parse(run.out) as Record<string, string>)
  t.log(['', ...rows.map(([name, answer]) => `${name.padEnd(44)} ${answer}`)].join('\n'))
  return { rows, hits, open: rows.filter(([, answer]) => answer === 'open').map(([name]) => name), dir: run.dir }
}

for (const who of users)
  test(`no attack of ${who} gets out`, async (t) => {
    const { rows, hits, open, dir } = await attacked(t, kind, who)
    t.true(rows.length > 45)
    t.deepEqual(open, [])
    t.deepEqual(hits, [])
    const tick = () => fs.readFile(path.join(dir, 'tick'), 'utf8').catch(() => '')
    const before = await tick()
    await delay(200)
    t.is(await tick(), before, 'a daemon lives on')
    t.is(await fs.readFile(path.join(dir, '.git'), 'utf8'), 'gitdir: /elsewhere\n')
  })

// As an ordinary user, so that no machine is harmed.
test('the attacks are real: without a sandbox they succeed', async (t) => {
  const { open, hits } = await attacked(t, 'none', users.at(-1) ?? 'the caller')
  const expected = [
    ...['tcp to loopback', 'unix socket, state', 'unix socket, home', 'unix socket, tmp'],
    ...['write a toolchain', 'write the state directory', "write the repository's hooks", 'rewrite the .git pointer'],
    ...['read ~/.ssh/id_rsa', 'read ~/.npmrc', 'read a credential inside a toolchain', 'read a token in .git/config'],
    ...['read a file beside the checkout', 'make a user namespace'],
  ]
  t.deepEqual(
    expected.filter((name) => !open.includes(name)),
    [],
  )
  t.deepEqual([...new Set(hits)].sort(), ['abstract', 'home', 'state', 'tcp', 'tmp', 'udp'])
})

for (const who of users)
  test(`what ${who} runs is judged by its own end`, async (t) => {
    const at = await host(t, { who })
    const shell = `id -u; id -g; pwd; echo err >/dev/stderr; exit 3`
    const run = await outcome(engine(kind, at, shell))
    t.deepEqual([run.probe, run.ended, run.err], [null, exited(3), 'err\n'])
    t.is(run.out, `${at.uid}\n${at.gid}\n${at.checkout}\n`)
  })

for (const who of users)
  test(`everything dies with the engine of ${who}, even by kill -9`, async (t) => {
    const at = await host(t, { who })
    const word = `1012.${process.pid}${users.indexOf(who)}`
    const child = engine(kind, at, `(setsid sleep ${word} &); env -i sleep ${word} & wait`)
    const sleepers = async () => (await commandLines(word)).filter((line) => line.startsWith('sleep'))
    while (child.exitCode === null && (await sleepers()).length < 2) await delay(20)
    t.is((await sleepers()).length, 2)
    child.kill('SIGKILL')
    await delay(300)
    t.deepEqual(await commandLines(word), [])
  })

for (const who of users)
  test(`node --test and git work for ${who}, loopback included`, async (t) => {
    const at = await host(t, { who })
    const loopback = `import test from 'node:test'
      import net from 'node:net'
      test('loopback', (t, done) => {
        const server = net.createServer((client) => client.end()).listen(0, '127.0.0.1', () =>
          net.connect(server.address().port).on('close', () => server.close(done)).resume())
      })`
    const files = { 'sum.test.mjs': loopback }
    const git = await syntheticGit(at, files)
    const shell = `node --test && echo >>sum.test.mjs && git status --short && git log --format=%s &&
      git -c user.name=A -c user.email=a commit -qam two && git log --format=%s`
    const run = await outcome(engine(kind, at, shell, { files: { ...files, '.git': 'gitdir: /elsewhere' }, git }))
    t.deepEqual(run.ended, exited(0), run.out + run.err)
    t.regex(run.out, /^# pass 1$/m)
    t.true(run.out.endsWith('\n M sum.test.mjs\nthe tree\ntwo\nthe tree\n'), run.out)
  })

test('pytest works where PATH names it, also below the real home', async (t) => {
  const at = { ...(await host(t)), home: homedir() }
  const tree = await workspace(at, { 'test_sum.py': 'def test_ok(tmp_path, capsys):\n    assert tmp_path.exists()\n' })
  const run = await (await unshare.open(at)).run(job(at, tree, 'python3 -m pytest -q'))
  t.deepEqual(run.ended, exited(0), said(run) + complained(run))
  t.regex(said(run), /1 passed/)
})

test('what is installed in editable form is read from the patched tree', async (t) => {
  const at = await host(t)
  const venv = path.join(at.checkout, '.venv')
  await fs.mkdir(path.join(at.checkout, 'src/package'), { recursive: true })
  await fs.writeFile(path.join(at.checkout, 'src/package/__init__.py'), 'WHO = "original"\n')
  await fs.mkdir(path.join(venv, 'lib'), { recursive: true })
  await fs.writeFile(path.join(venv, 'lib/editable.pth'), `${at.checkout}/src\n`)
  const tree = await workspace(at, { 'src/package/__init__.py': 'WHO = "patched"\n' })
  const includes = [{ path: '.venv', source: venv, directory: true }]
  const script = `import site; site.addsitedir("${venv}/lib"); import package; print(package.WHO)`
  const run = await (await unshare.open(at)).run(job(at, tree, `/usr/bin/python3 -c '${script}'`, { includes }))
  t.is(said(run), 'patched\n', complained(run))
})

test('an include is writable for the command, and neither the user nor the next run sees what it wrote', async (t) => {
  const at = await host(t)
  const source = path.join(at.checkout, 'packages/a/node_modules')
  await fs.mkdir(path.join(source, 'dep'), { recursive: true })
  await fs.writeFile(path.join(source, 'dep/index.js'), 'original')
  await fs.writeFile(path.join(at.checkout, '.env'), 'A=1')
  const tree = await workspace(at)
  const includes = [
    { path: 'packages/a/node_modules', source, directory: true },
    { path: '.env', source: path.join(at.checkout, '.env'), directory: false },
  ]
  const sandbox = await unshare.open(at)
  const dir = 'packages/a/node_modules'
  const shell = `cat ${dir}/dep/index.js .env; echo changed >${dir}/dep/index.js && mkdir ${dir}/.cache && cat ${dir}/dep/index.js; echo B=2 >.env`
  for (let n = 0; n < 2; n++) {
    const run = await sandbox.run(job(at, tree, shell, { includes }))
    t.is(said(run), 'originalA=1changed\n', complained(run))
    t.regex(complained(run), /Read-only file system/)
  }
  t.is(await fs.readFile(path.join(source, 'dep/index.js'), 'utf8'), 'original')
  t.deepEqual(await fs.readdir(source), ['dep'])
  t.deepEqual(await fs.readdir(tree.dir), [])
})

test('an include of the set-up command is a copy that stays in the tree', async (t) => {
  const at = await host(t)
  const source = path.join(at.checkout, 'node_modules')
  await fs.mkdir(source)
  const tree = await workspace(at)
  const includes = [{ path: 'node_modules', source, directory: true }]
  const more = { includes, includesWritable: true }
  await (await unshare.open(at)).run(job(at, tree, 'echo new >node_modules/made', more))
  t.is(await fs.readFile(path.join(tree.dir, 'node_modules/made'), 'utf8'), 'new\n')
  t.deepEqual(await fs.readdir(source), [])
})

test('what the tree has itself is not covered by an include', async (t) => {
  const at = await host(t)
  await fs.mkdir(path.join(at.checkout, 'vendor'))
  const tree = await workspace(at, { 'vendor/lib.c': 'patched' })
  const includes = [{ path: 'vendor', source: path.join(at.checkout, 'vendor'), directory: true }]
  t.is(said(await (await unshare.open(at)).run(job(at, tree, 'cat vendor/lib.c', { includes }))), 'patched')
})

test('mount points go even when the command put a symlink in their way', async (t) => {
  const at = await host(t)
  const source = path.join(at.checkout, 'node_modules')
  await fs.mkdir(source)
  await fs.mkdir(path.join(at.home, 'node_modules'))
  const tree = await workspace(at)
  const includes = [{ path: 'packages/node_modules', source, directory: true }]
  const shell = `mv packages p2 && ln -s ${at.home} packages`
  t.deepEqual((await (await unshare.open(at)).run(job(at, tree, shell, { includes }))).ended, exited(0))
  t.deepEqual(await fs.readdir(at.home), ['node_modules'])
})

test('reports are read from a private directory', async (t) => {
  const at = await host(t)
  const reportEnv = (dir: string) => ({ OUT: `${dir}/junit.xml` })
  const run = await (await unshare.open(at)).run(
    job(at, await workspace(at), 'echo x >$OUT; ls $PP_REPORTS', { reportEnv }),
  )
  t.deepEqual([...run.reports.keys()], ['junit.xml'])
  t.is(said(run), 'junit.xml\n')
})

test('with the network allowed, this machine can be reached', async (t) => {
  const at = await host(t)
  const server = createServer((socket) => socket.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const script = `require("net").connect(${port}).pipe(process.stdout)`
  const sandbox = await unshare.open(at)
  const tree = await workspace(at)
  t.is(said(await sandbox.run(job(at, tree, `node -e '${script}'`, { network: 'allow' }))), 'hello')
  t.deepEqual((await sandbox.run(job(at, tree, `node -e '${script}'`))).ended, exited(1))
  server.close()
})

test('signals, exit statuses and missing programs are told apart', async (t) => {
  const at = await host(t)
  const sandbox = await unshare.open(at)
  const tree = await workspace(at)
  const ended = async (shell: string) => (await sandbox.run(job(at, tree, shell))).ended
  t.deepEqual(await ended('kill -SEGV $$'), { how: 'signalled', signal: 'SIGSEGV' })
  t.deepEqual(await ended('exit 139'), exited(139))
  t.deepEqual(await ended('no-such-program'), exited(127))
  const missing = await sandbox.run(job(at, tree, '', { command: { argv: ['no-such-program', 'x'] } }))
  t.deepEqual(missing.ended, {
    how: 'not-run',
    reason: 'there is no program no-such-program on the PATH of the command',
  })
})

test('a tree that cannot be set up is not run, and says why', async (t) => {
  const at = await host(t)
  const sandbox = await unshare.open(at)
  const tree = await workspace(at)
  const ended = async (more: Parameters<typeof job>[3]) => (await sandbox.run(job(at, tree, 'true', more))).ended
  t.deepEqual(await ended({ cwd: 'absent' }), { how: 'not-run', reason: 'there is no directory absent in this tree' })
  const gone = [{ path: 'gone', source: path.join(at.checkout, 'gone'), directory: true }]
  t.like(await ended({ includes: gone }), { how: 'not-run' })
  await fs.rm(tree.dir, { recursive: true })
  await fs.symlink('/nowhere', tree.dir)
  t.like(await ended({}), { how: 'not-run' })
})

test('the time limit ends everything inside', async (t) => {
  const at = await host(t)
  const word = `1013.${process.pid}`
  const shell = `trap '' TERM; (setsid sleep ${word} &); env -i sleep ${word}`
  const run = await (await unshare.open(at)).run(job(at, await workspace(at), shell, { timeoutMs: 400 }))
  t.deepEqual(run.ended, { how: 'timed-out', afterMs: 400, limit: 'per-command' })
  t.deepEqual(await commandLines(word), [])
})

test('variables that act on loaders and shells reach the command, not the set-up', async (t) => {
  const at = await host(t)
  const tree = await workspace(at, { 'startup.sh': 'echo started >&2' })
  const env = { PATH: `/nowhere:${at.path}`, BASH_ENV: './startup.sh', LD_PRELOAD: './evil.so', IFS: 'x' }
  const run = await (await unshare.open(at)).run(job(at, tree, 'echo $LD_PRELOAD; echo $PATH', { env }))
  t.is(said(run), `./evil.so\n${env.PATH}\n`)
})

const places = ['/tmp', '/var/tmp', '/usr/local/src', '/root', '/srv', '/opt'].filter(writable)
for (const under of places)
  test(`a checkout below ${under} stands at its own place, whatever its name`, async (t) => {
    const made = await host(t, { under })
    const at = { ...made, checkout: path.join(made.checkout, 'a b#\\:,"$x\'é') }
    await fs.mkdir(at.checkout)
    const run = await (await unshare.open(at)).run(job(at, await workspace(at, { here: '' }), 'pwd; ls'))
    t.is(said(run), `${at.checkout}\nhere\n`, JSON.stringify(run.ended))
  })

test('a checkout that is home, holds home, or a home that is the root, changes nothing', async (t) => {
  const at = await host(t)
  for (const home of [at.checkout, path.join(at.checkout, 'below'), path.dirname(at.checkout), '/']) {
    const tree = await workspace(at, { here: '' })
    const run = await (await unshare.open({ ...at, home })).run(job(at, tree, 'ls; touch ~/x && pwd'))
    t.deepEqual([said(run).split('\n').includes('here'), run.ended], [true, exited(0)], complained(run) + home)
  }
})

test('the self-test finds every door closed, and is made once', async (t) => {
  const sandbox = await unshare.open(await host(t))
  t.deepEqual(await sandbox.selfTest(), { loopback: 'blocked', unixSocket: 'blocked' })
  t.is(sandbox.selfTest(), sandbox.selfTest())
  t.true(Object.values(sandbox.enforces).every((claim) => claim))
  t.regex(sandbox.version, /^unshare \(util-linux \d/)
})

function writable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK)
    return true
  } catch {
    return false
  }
}
