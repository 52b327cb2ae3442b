import { accessSync, constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { homedir, hostname } from 'node:os'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { SandboxKind } from '../../../src/engine/ports/sandbox.ts'
import { ABSENT } from '../../helpers/absent.ts'
import { commandLines, complained, host, job, plugOf, said, working, workspace } from './machine.ts'

const exited = (code: number) => ({ how: 'exited' as const, code })
const kinds = await Promise.all((await working()).map(plugOf))

/** One test for each sandbox that works here. */
function each(title: string, body: (t: ExecutionContext, plug: SandboxKind) => Promise<void>): void {
  for (const plug of kinds) test(`${plug.kind}: ${title}`, (t) => body(t, plug))
}

each('pytest works where PATH names it, also below the real home', async (t, plug) => {
  const at = { ...(await host(t)), home: homedir() }
  const tree = await workspace(at, { 'test_sum.py': 'def test_ok(tmp_path, capsys):\n    assert tmp_path.exists()\n' })
  const run = await (await plug.open(at)).run(job(at, tree, 'python3 -m pytest -q'))
  t.deepEqual(run.ended, exited(0), said(run) + complained(run))
  t.regex(said(run), /1 passed/)
})

each('what is installed in editable form is read from the patched tree', async (t, plug) => {
  const at = await host(t)
  const venv = path.join(at.checkout, '.venv')
  await fs.mkdir(path.join(at.checkout, 'src/package'), { recursive: true })
  await fs.writeFile(path.join(at.checkout, 'src/package/__init__.py'), 'WHO = "original"\n')
  await fs.mkdir(path.join(venv, 'lib'), { recursive: true })
  await fs.writeFile(path.join(venv, 'lib/editable.pth'), `${at.checkout}/src\n`)
  const tree = await workspace(at, { 'src/package/__init__.py': 'WHO = "patched"\n' })
  const includes = [{ path: '.venv', source: venv, directory: true }]
  const script = `import site; site.addsitedir("${venv}/lib"); import package; print(package.WHO)`
  const run = await (await plug.open(at)).run(job(at, tree, `/usr/bin/python3 -c '${script}'`, { includes }))
  t.is(said(run), 'patched\n', complained(run))
})

each(
  'an include is writable for the command, and neither the user nor the next run sees what it wrote',
  async (t, plug) => {
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
    const sandbox = await plug.open(at)
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
  },
)

each('an include of the set-up command is a copy that stays in the tree', async (t, plug) => {
  const at = await host(t)
  const source = path.join(at.checkout, 'node_modules')
  await fs.mkdir(source)
  const tree = await workspace(at)
  const includes = [{ path: 'node_modules', source, directory: true }]
  const more = { includes, includesWritable: true }
  await (await plug.open(at)).run(job(at, tree, 'echo new >node_modules/made', more))
  t.is(await fs.readFile(path.join(tree.dir, 'node_modules/made'), 'utf8'), 'new\n')
  t.deepEqual(await fs.readdir(source), [])
})

each('what the tree has itself is not covered by an include', async (t, plug) => {
  const at = await host(t)
  await fs.mkdir(path.join(at.checkout, 'vendor'))
  const tree = await workspace(at, { 'vendor/lib.c': 'patched' })
  const includes = [{ path: 'vendor', source: path.join(at.checkout, 'vendor'), directory: true }]
  t.is(said(await (await plug.open(at)).run(job(at, tree, 'cat vendor/lib.c', { includes }))), 'patched')
})

each('mount points go even when the command put a symlink in their way', async (t, plug) => {
  const at = await host(t)
  const source = path.join(at.checkout, 'node_modules')
  await fs.mkdir(source)
  await fs.mkdir(path.join(at.home, 'node_modules'))
  const tree = await workspace(at)
  const includes = [{ path: 'packages/node_modules', source, directory: true }]
  const shell = `mv packages p2 && ln -s ${at.home} packages`
  t.deepEqual((await (await plug.open(at)).run(job(at, tree, shell, { includes }))).ended, exited(0))
  t.deepEqual(await fs.readdir(at.home), ['node_modules'])
})

each('locks in shared memory and /dev/null work', async (t, plug) => {
  const at = await host(t)
  const shell = '/usr/bin/python3 -c "import multiprocessing; multiprocessing.Lock(); print(1)" >/dev/null'
  t.deepEqual((await (await plug.open(at)).run(job(at, await workspace(at), shell))).ended, exited(0))
})

each('reports are read from a private directory', async (t, plug) => {
  const at = await host(t)
  const reportEnv = (dir: string) => ({ OUT: `${dir}/junit.xml` })
  const run = await (await plug.open(at)).run(
    job(at, await workspace(at), 'echo x >$OUT; ls $PP_REPORTS', { reportEnv }),
  )
  t.deepEqual([...run.reports.keys()], ['junit.xml'])
  t.is(said(run), 'junit.xml\n')
})

each('with the network allowed, this machine can be reached', async (t, plug) => {
  const at = await host(t)
  const server = createServer((socket) => socket.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const script = `require("net").connect(${port}).pipe(process.stdout)`
  const sandbox = await plug.open(at)
  const tree = await workspace(at)
  t.is(said(await sandbox.run(job(at, tree, `node -e '${script}'`, { network: 'allow' }))), 'hello')
  t.deepEqual((await sandbox.run(job(at, tree, `node -e '${script}'`))).ended, exited(1))
  server.close()
})

const OWN_NAME = `
import socket
for name in (socket.gethostname(), 'localhost'):
    for family in (socket.AF_INET, socket.AF_INET6):
        print(name, socket.getaddrinfo(name, 80, family, socket.SOCK_STREAM)[0][4][0])
server = socket.create_server((socket.gethostname(), 0))
socket.create_connection((socket.gethostname(), server.getsockname()[1])).close()
`

each(
  'the name of the machine inside and localhost lead to loopback, and the real name stays outside',
  async (t, plug) => {
    const at = await host(t)
    const sandbox = await plug.open(at)
    const tree = await workspace(at, { 'own.py': OWN_NAME })
    for (const network of ['deny', 'allow'] as const) {
      const run = await sandbox.run(job(at, tree, '/usr/bin/python3 own.py; cat /etc/hosts >&2', { network }))
      t.is(said(run), 'pp 127.0.0.1\npp ::1\nlocalhost 127.0.0.1\nlocalhost ::1\n', complained(run))
      t.false(complained(run).split(/\s/).includes(hostname()))
    }
  },
)

each('signals, exit statuses and missing programs are told apart', async (t, plug) => {
  const at = await host(t)
  const sandbox = await plug.open(at)
  const tree = await workspace(at)
  const ended = async (shell: string) => (await sandbox.run(job(at, tree, shell))).ended
  t.deepEqual(await ended('kill -SEGV $$'), { how: 'signalled', signal: 'SIGSEGV' })
  t.deepEqual(await ended('exit 139'), exited(139))
  t.deepEqual(await ended('no-such-program'), exited(127))
  const missing = await sandbox.run(job(at, tree, '', { command: { argv: ['no-such-program', 'x'] } }))
  t.deepEqual(missing.ended, {
    how: 'not-run',
    reason: 'there is no program no-such-program on the PATH of the command',
    program: 'no-such-program',
  })
})

each('a tree that cannot be set up is not run, and says why', async (t, plug) => {
  const at = await host(t)
  const sandbox = await plug.open(at)
  const tree = await workspace(at)
  const ended = async (more: Parameters<typeof job>[3]) => (await sandbox.run(job(at, tree, 'true', more))).ended
  t.deepEqual(await ended({ cwd: 'absent' }), {
    how: 'not-run',
    reason: 'the directory absent does not exist in this tree',
  })
  const gone = [{ path: 'gone', source: path.join(at.checkout, 'gone'), directory: true }]
  t.like(await ended({ includes: gone }), { how: 'not-run' })
  await fs.rm(tree.dir, { recursive: true })
  await fs.symlink(ABSENT, tree.dir)
  t.like(await ended({}), { how: 'not-run' })
})

each('the time limit ends everything inside', async (t, plug) => {
  const at = await host(t)
  const word = `1013.${process.pid}`
  const shell = `trap '' TERM; (setsid sleep ${word} &); env -i sleep ${word}`
  const run = await (await plug.open(at)).run(job(at, await workspace(at), shell, { timeoutMs: 400 }))
  t.deepEqual(run.ended, { how: 'timed-out', afterMs: 400, limit: 'per-command' })
  t.deepEqual(await commandLines(word), [])
})

each('variables that act on loaders and shells reach the command, not the set-up', async (t, plug) => {
  const at = await host(t)
  const tree = await workspace(at, { 'startup.sh': 'echo started >&2' })
  const env = { PATH: `${ABSENT}:${at.path}`, BASH_ENV: './startup.sh', LD_PRELOAD: './evil.so', IFS: 'x' }
  const run = await (await plug.open(at)).run(job(at, tree, 'echo $LD_PRELOAD; echo $PATH', { env }))
  t.is(said(run), `./evil.so\n${env.PATH}\n`)
})

const places = ['/tmp', '/var/tmp', '/usr/local/src', '/root', '/srv', '/opt'].filter(writable)
for (const under of places)
  each(`a checkout below ${under} stands at its own place, whatever its name`, async (t, plug) => {
    const made = await host(t, { under })
    const at = { ...made, checkout: path.join(made.checkout, 'a b#\\:,"$x\'é') }
    await fs.mkdir(at.checkout)
    const run = await (await plug.open(at)).run(job(at, await workspace(at, { here: '' }), 'pwd; ls'))
    t.is(said(run), `${at.checkout}\nhere\n`, JSON.stringify(run.ended))
  })

each('a checkout that is home, holds home, or a home that is the root, changes nothing', async (t, plug) => {
  const at = await host(t)
  for (const home of [at.checkout, path.join(at.checkout, 'below'), path.dirname(at.checkout), '/']) {
    const tree = await workspace(at, { here: '' })
    const run = await (await plug.open({ ...at, home })).run(job(at, tree, 'ls; touch ~/x && pwd'))
    t.deepEqual([said(run).split('\n').includes('here'), run.ended], [true, exited(0)], complained(run) + home)
  }
})

each('the self-test finds every door closed, and is made once', async (t, plug) => {
  const sandbox = await plug.open(await host(t))
  t.deepEqual(await sandbox.selfTest(), { loopback: 'blocked', unixSocket: 'blocked' })
  t.is(sandbox.selfTest(), sandbox.selfTest())
  const { memory: _m, cpu: _c, processCount: _p, ...walls } = sandbox.enforces
  t.true(Object.values(walls).every((claim) => claim))
  t.regex(sandbox.version, /^(unshare \(util-linux \d.*\)|bubblewrap \d.*)$/)
})

function writable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK)
    return true
  } catch {
    return false
  }
}
