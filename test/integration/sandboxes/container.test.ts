import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { createServer } from 'node:net'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import type { SandboxHost } from '../../../src/engine/ports/sandbox.ts'
import plug from '../../../src/engine/sandboxes/container.ts'
import { probeByShell } from '../../../src/engine/sandboxes/lib/container/escape-probe.ts'
import { removeLeftContainer } from '../../../src/engine/sandboxes/lib/container/remove-left.ts'
import { ABSENT } from '../../helpers/absent.ts'
import { docker, podman as openPodman, type Runtime } from '../../helpers/containers.ts'
import { where } from '../../helpers/needs.ts'
import { engine } from './lone-engine.ts'
import { commandLines, complained, host, job, outcome, said, syntheticGit, workspace } from './machine.ts'

const exited = (code: number) => ({ how: 'exited' as const, code })
const found = { podman: await openPodman(), docker: await docker() }
test.after.always(async () => {
  for (const one of Object.values(found)) if (typeof one !== 'string') await one.dispose()
})

/** One test for each runtime that works here; where one does not, it is skipped and says why. */
function each(title: string, body: (t: ExecutionContext, runtime: Runtime, at: SandboxHost) => Promise<void>): void {
  for (const [name, runtime] of Object.entries(found)) {
    if (typeof runtime === 'string') test.skip(`${name}: ${title} (skipped: ${runtime})`, () => {})
    else
      test.serial(`${name}: ${title}`, async (t) => body(t, runtime, { ...(await host(t)), container: runtime.wish }))
  }
}

test('where podman and runc are installed, root tries them', async (t) => {
  const installed = await promisify(execFile)('sh', ['-c', 'command -v podman && command -v runc']).then(
    () => process.getuid?.() === 0,
    () => false,
  )
  t.is(typeof found.podman === 'string', !installed)
})

const containers = (runtime: Runtime, at: SandboxHost) =>
  runtime.ask('ps', '--all', '--quiet', '--filter', `label=pp.session=${at.session}`)

each('the name of the machine inside and localhost lead to loopback', async (t, _runtime, at) => {
  const sandbox = await plug.open(at)
  const script =
    'import socket\nfor name in (socket.gethostname(), "localhost"):\n  for family in (socket.AF_INET, socket.AF_INET6):\n    print(name, socket.getaddrinfo(name, 80, family, socket.SOCK_STREAM)[0][4][0])'
  const run = await sandbox.run(job(at, await workspace(at, { 'own.py': script }), '/usr/bin/python3 own.py'))
  t.is(said(run), 'pp 127.0.0.1\npp ::1\nlocalhost 127.0.0.1\nlocalhost ::1\n', complained(run))
})

each('a command is judged by its own end, also where the client has the same words', async (t, runtime, at) => {
  const sandbox = await plug.open(at)
  const tree = await workspace(at, { here: '' })
  const run = await sandbox.run(job(at, tree, 'id -u; id -g; pwd; ls -a; echo err >/dev/stderr; exit 3'))
  t.deepEqual([run.ended, complained(run)], [exited(3), 'err\n'])
  t.is(said(run), `${at.uid}\n${at.gid}\n${at.checkout}\n.\n..\nhere\n`)
  for (const [shell, end] of [
    ['exit 125', exited(125)],
    ['exit 126', exited(126)],
    ['no-such-program', exited(127)],
    ['kill -SEGV $$', { how: 'signalled', signal: 'SIGSEGV' }],
    ['exit 139', exited(139)],
    ['kill -9 -1; exit 4', exited(4)],
    ["trap 'exit 5' INT; kill -INT $$", exited(5)],
  ] as const)
    t.deepEqual((await sandbox.run(job(at, tree, shell))).ended, end, shell)
  const missing = await sandbox.run(job(at, tree, '', { command: { argv: ['no-such-program'] } }))
  t.deepEqual(missing.ended, { how: 'not-run', reason: 'there is no program no-such-program in the image' })
  t.is(await containers(runtime, at), '')
  t.deepEqual(await fs.readdir(path.join(at.state, 'containers')), [])
})

each('a set-up that breaks is no red', async (t, runtime, at) => {
  const sandbox = await plug.open(at)
  const tree = await workspace(at)
  t.like((await sandbox.run(job(at, tree, 'true', { cwd: 'absent' }))).ended, { how: 'not-run' })
  await fs.rm(tree.dir, { recursive: true })
  await fs.symlink(ABSENT, tree.dir)
  t.like((await sandbox.run(job(at, tree, 'true'))).ended, { how: 'not-run' })
  const nothing = { ...at, bounds: { ...at.bounds, memory: 1 } }
  t.like((await (await plug.open(nothing)).run(job(at, await workspace(at), 'true'))).ended, { how: 'not-run' })
  t.is(await containers(runtime, at), '')
})

each('a missing image is named with the command that brings it, and nothing is pulled', async (t, runtime, at) => {
  const wanting = { ...at, container: { ...runtime.wish, image: 'localhost/absent:1' } }
  const reason = `${runtime.wish.runtime} has no image localhost/absent:1, and git pp never pulls one; get it with ${runtime.wish.runtime} pull localhost/absent:1`
  t.is(await plug.probe(wanting), reason)
  await t.throwsAsync(plug.open(wanting), { message: reason })
})

each('all runs use the image that the name meant at first', async (t, runtime, at) => {
  const sandbox = await plug.open(at)
  t.regex(sandbox.image?.id ?? '', /^sha256:[0-9a-f]{64}$/)
  t.like(sandbox.image, { name: runtime.wish.image })
  await runtime.ask('tag', runtime.wish.image, 'localhost/pp-test:kept')
  await runtime.ask('image', 'rm', runtime.wish.image)
  const run = await sandbox.run(job(at, await workspace(at), 'true'))
  await runtime.ask('tag', 'localhost/pp-test:kept', runtime.wish.image)
  t.deepEqual(run.ended, exited(0))
})

each('includes stand in the tree, the user and the next run see nothing of what is written', async (t, runtime, at) => {
  const source = path.join(at.checkout, 'node_modules')
  await fs.mkdir(path.join(source, '.cache'), { recursive: true })
  await fs.writeFile(path.join(source, 'dep.js'), 'original')
  const includes = [{ path: 'a/node_modules', source, directory: true }]
  const tree = await workspace(at)
  const sandbox = await plug.open(at)
  const shell = 'cd a/node_modules && cat dep.js && echo x >.cache/x && echo changed >dep.js'
  for (let n = 0; n < 2; n++) {
    const run = await sandbox.run(job(at, tree, shell, { includes }))
    t.is(said(run), 'original', complained(run))
    // docker has no overlay that goes with the container: read-only, but for the caches of tools.
    if (runtime.wish.runtime === 'podman') t.deepEqual(run.ended, exited(0))
    else t.regex(complained(run), /^[^\n]*dep.js: Read-only file system\n$/)
  }
  t.deepEqual(await fs.readdir(path.join(source, '.cache')), [])
  t.is(await fs.readFile(path.join(source, 'dep.js'), 'utf8'), 'original')
  t.deepEqual(await fs.readdir(tree.dir), [])
})

each('tests, reports and git work inside, and judges are read-only', async (t, _, at) => {
  const test =
    'import multiprocessing\ndef test_ok(tmp_path):\n    multiprocessing.Lock()\n    assert tmp_path.exists()\n'
  const files = { 'test_sum.py': test }
  const git = await syntheticGit(at, files)
  const tree = { ...(await workspace(at, { ...files, '.git': 'gitdir: /elsewhere\n' })), git }
  const shell = `python3 -m pytest -q -p no:cacheprovider --junitxml=$OUT && git log --format=%s && git status --short &&
    echo y >new && git add new && git -c user.name=A -c user.email=a commit -qm two && ! echo x >>test_sum.py`
  const reportEnv = (dir: string) => ({ OUT: `${dir}/junit.xml`, PYTHONDONTWRITEBYTECODE: '1' })
  const run = await (await plug.open(at)).run(job(at, tree, shell, { reportEnv, readOnly: ['test_sum.py'] }))
  t.deepEqual(run.ended, exited(0), said(run) + complained(run))
  t.regex(said(run), /1 passed.*\nthe tree\n$/)
  t.deepEqual([...run.reports.keys()], ['junit.xml'])
  t.is(await fs.readFile(path.join(tree.dir, '.git'), 'utf8'), 'gitdir: /elsewhere\n')
})

each('time counts from the start of the command, and at its end nothing is left', async (t, runtime, at) => {
  const word = `1013.${process.pid}${runtime.wish.runtime?.length}`
  const sandbox = await plug.open(at)
  const shell = `trap '' TERM; (setsid sleep ${word} &); env -i sleep ${word}`
  const run = await sandbox.run(job(at, await workspace(at), shell, { timeoutMs: 300 }))
  t.deepEqual(run.ended, { how: 'timed-out', afterMs: 300, limit: 'per-command' })
  t.deepEqual(await commandLines(word), [])
  const stop = new AbortController()
  const stopped = sandbox.run(job(at, await workspace(at), `sleep ${word}`, { signal: stop.signal }))
  while ((await commandLines(word)).filter((line) => line.startsWith('sleep')).length === 0) await delay(20)
  stop.abort()
  t.like((await stopped).ended, { how: 'not-run', reason: 'interrupted' })
  t.deepEqual(await commandLines(word), [])
  t.is(await containers(runtime, at), '')
  t.deepEqual((await sandbox.run(job(at, await workspace(at), 'true', { timeoutMs: 2000 }))).ended, exited(0))
})

each(
  'everything dies with the engine, even by kill -9, and what is left of it can be found',
  async (t, runtime, at) => {
    const word = `1012.${process.pid}${runtime.wish.runtime?.length}`
    const child = engine('container', at, `(setsid sleep ${word} &); env -i sleep ${word} & wait`)
    const sleepers = async () => (await commandLines(word)).filter((line) => line.startsWith('sleep'))
    while (child.exitCode === null && (await sleepers()).length < 2) await delay(20)
    t.is((await sleepers()).length, 2)
    child.kill('SIGKILL')
    for (let n = 0; n < 100 && (await sleepers()).length > 0; n++) await delay(50)
    t.deepEqual(await sleepers(), [])
    const [entry = ''] = await fs.readdir(path.join(at.state, 'containers'))
    const [name = ''] = entry.split('.').slice(1)
    t.not(await containers(runtime, at), '')
    const kind = runtime.wish.runtime ?? 'podman'
    t.true(await removeLeftContainer({ runtime: kind, name }, at.path.split(':'), runtime.wish.env))
    t.is(await containers(runtime, at), '')
    t.true(await removeLeftContainer({ runtime: kind, name }, at.path.split(':'), runtime.wish.env), 'gone already')
  },
)

each('a container that somebody kills is no red', async (t, runtime, at) => {
  const word = `1011.${process.pid}${runtime.wish.runtime?.length}`
  const run = (await plug.open(at)).run(job(at, await workspace(at), `sleep ${word}`))
  while ((await commandLines(word)).filter((line) => line.startsWith('sleep')).length === 0) await delay(20)
  await runtime.ask('kill', await containers(runtime, at))
  t.like((await run).ended, { how: 'not-run' })
})

each('a client that somebody kills leaves no container', async (t, runtime, at) => {
  const word = `1010.${process.pid}${runtime.wish.runtime?.length}`
  const run = (await plug.open(at)).run(job(at, await workspace(at), `sleep ${word}`))
  while ((await commandLines(word)).filter((line) => line.startsWith('sleep')).length === 0) await delay(20)
  const clients = await promisify(execFile)('pgrep', ['-f', `start --attach .*pp-${at.session}-`])
  for (const pid of clients.stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL')
  t.like((await run).ended, { how: 'not-run' })
  t.deepEqual(await commandLines(word), [])
  t.is(await containers(runtime, at), '')
})

each('memory, processors and processes are bounded, and nothing of that reaches the tree', async (t, _, usual) => {
  const at = { ...usual, bounds: { ...usual.bounds, memory: 128 << 20, processes: 64 } }
  const sandbox = await plug.open(at)
  t.like(sandbox.enforces, { memory: true, cpu: true, processCount: true, disk: true })
  const tree = await workspace(at)
  const python = (script: string) => sandbox.run(job(at, tree, '', { command: { argv: ['python3', '-c', script] } }))
  const big = await python('x = bytearray(1 << 30)\nfor i in range(0, 1 << 30, 4096): x[i] = 1')
  t.deepEqual(big.ended, { how: 'limited', by: 'memory', bound: 128 << 20 })
  const forks = `import os, time
n = 0
try:
    while n < 500:
        if os.fork() == 0: time.sleep(60)
        n += 1
except OSError: pass
print(n)`
  const many = await python(forks)
  t.true(Number(said(many)) > 10 && Number(said(many)) < 100, said(many) + complained(many))
  t.deepEqual(await fs.readdir(tree.dir), [])
})

each('the self-test finds every door closed', async (t, _, at) => {
  const sandbox = await plug.open(at)
  t.deepEqual(await sandbox.selfTest(), { loopback: 'blocked', unixSocket: 'blocked' })
  t.is(await plug.probe(at), null)
})

test('the self-test of a shell sees what can be reached', async (t) => {
  const dir = await fs.mkdtemp('/tmp/pp-doors-')
  t.teardown(() => fs.rm(dir, { recursive: true, force: true }))
  const doors = [{ path: path.join(dir, 's') }, { path: `\0${dir}` }]
  const servers = [{ host: '127.0.0.1', port: 0 }, ...doors].map((door) => createServer().listen(door))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const address = servers[0]?.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const absent = [{ port: 1 }, { path: `${dir}/absent` }, { path: `\0${dir}/absent` }]
  const [program = '', ...args] = probeByShell([{ port }, ...doors, ...absent])
  const { stdout } = await promisify(execFile)(program, args)
  for (const server of servers) server.close()
  t.is(stdout.trim(), 'open open open blocked blocked blocked')
})

each(
  'the tree stands where the policy says, or at the path of the checkout whatever its name',
  async (t, runtime, at) => {
    const elsewhere = await plug.open({ ...at, container: { ...runtime.wish, workdir: '/workspace' } })
    t.deepEqual([elsewhere.workdir, elsewhere.enforces.atCheckoutPath], ['/workspace', false])
    t.is(said(await elsewhere.run(job(at, await workspace(at), 'pwd'))), '/workspace\n')
    const odd = { ...at, checkout: path.join(at.checkout, 'a b#\\:,"$x\'é') }
    await fs.mkdir(odd.checkout)
    const sandbox = await plug.open(odd)
    const run = await sandbox.run(job(odd, await workspace(odd, { here: '' }), 'pwd; ls'))
    t.is(said(run), `${odd.checkout}\nhere\n`, JSON.stringify(run.ended))
  },
)

test('a runtime that does not answer is named, and nothing else is taken', async (t) => {
  const at = await host(t)
  const wish = { image: 'x', workdir: null, cpus: null, memory: null, processes: 1 }
  const asked = (runtime: 'docker' | null, env: Record<string, string>) =>
    plug.probe({ ...at, container: { ...wish, runtime, env } })
  await t.throwsAsync(plug.open(at), { code: 'SANDBOX_UNAVAILABLE' })
  const remote = await asked('docker', { DOCKER_HOST: 'tcp://192.0.2.1:2375' })
  t.regex(remote ?? '', /docker/)
  t.regex((await asked('docker', { DOCKER_HOST: `unix://${ABSENT}` })) ?? '', /docker/)
})

const { podman } = found
where(typeof podman !== 'string', String(podman))('an engine of its own says the same', async (t) => {
  if (typeof podman === 'string') throw new Error(podman)
  const at = { ...(await host(t)), container: podman.wish }
  const run = await outcome(engine('container', at, 'exit 3', { files: { a: '' } }))
  t.deepEqual([run.probe, run.ended], [null, exited(3)])
})
