import { openSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import none from '../../../src/engine/sandboxes/none.ts'
import { engine } from './lone-engine.ts'
import { commandLines, complained, hiding, host, job, outcome, said, users, workspace } from './machine.ts'

const exited = (code: number) => ({ how: 'exited', code })

test('a command runs in the work tree, with the environment it was given and nothing else', async (t) => {
  const at = await host(t)
  const sandbox = await none.open(at)
  const tree = await workspace(at, { 'sub/here': 'x' })
  const run = await sandbox.run(
    job(at, tree, 'pwd; env | sort; exit 3', { cwd: 'sub', env: { PATH: at.path, A: 'b' } }),
  )
  t.deepEqual(run.ended, exited(3))
  const [cwd, ...env] = said(run).trim().split('\n')
  t.is(cwd, path.join(tree.dir, 'sub'))
  const names = env.map((line) => line.split('=')[0])
  t.deepEqual(
    names.filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name ?? '')),
    ['A', 'PATH', 'PP_REPORTS'],
  )
})

test('an argv reaches the program word for word', async (t) => {
  const at = await host(t)
  const command = { argv: ['printf', '%s|', 'a b', '$HOME', '', "it's"] }
  const run = await (await none.open(at)).run(job(at, await workspace(at), '', { command }))
  t.is(said(run), "a b|$HOME||it's|")
})

test('a program that is missing is not run; a shell that misses one exits 127', async (t) => {
  const at = await host(t)
  const sandbox = await none.open(at)
  const tree = await workspace(at)
  const missing = await sandbox.run(job(at, tree, '', { command: { argv: ['no-such-program'] } }))
  t.deepEqual(missing.ended, {
    how: 'not-run',
    reason: 'there is no program no-such-program on the PATH of the command',
    program: 'no-such-program',
  })
  t.deepEqual((await sandbox.run(job(at, tree, 'no-such-program'))).ended, exited(127))
})

test('a directory that the tree does not have is not run in', async (t) => {
  const at = await host(t)
  const tree = await workspace(at)
  await fs.symlink('/', path.join(tree.dir, 'root'))
  const sandbox = await none.open(at)
  for (const cwd of ['absent', 'root', 'root/etc', '../..'])
    t.is((await sandbox.run(job(at, tree, 'true', { cwd }))).ended.how, 'not-run')
})

test('a signal is told from an exit status above 128', async (t) => {
  const at = await host(t)
  const sandbox = await none.open(at)
  const tree = await workspace(at)
  t.deepEqual((await sandbox.run(job(at, tree, 'kill -SEGV $$'))).ended, { how: 'signalled', signal: 'SIGSEGV' })
  t.deepEqual((await sandbox.run(job(at, tree, 'kill -TERM $$'))).ended, { how: 'signalled', signal: 'SIGTERM' })
  t.deepEqual((await sandbox.run(job(at, tree, 'exit 139'))).ended, exited(139))
})

test('output can be opened by its name, and stdin is empty', async (t) => {
  const at = await host(t)
  const run = await (await none.open(at)).run(
    job(at, await workspace(at), 'cat; echo out >/dev/stdout; echo err >/dev/stderr'),
  )
  t.deepEqual([said(run), complained(run), run.ended], ['out\n', 'err\n', exited(0)])
})

test('secrets are hidden in what is kept', async (t) => {
  const at = await host(t)
  const shell = 'printf hun; sleep 0.1; echo ter2; echo hunter2 >&2'
  const run = await (await none.open(at)).run(job(at, await workspace(at), shell, { redactor: hiding('hunter2') }))
  t.deepEqual([said(run), complained(run)], ['[hidden]\n', '[hidden]\n'])
  t.is(run.stdout.redactions, 1)
})

test('memory stays flat under 400 MB of output, and all of it is counted', async (t) => {
  const at = await host(t)
  const sandbox = await none.open(at)
  const shell = 'head -c 400000000 /dev/zero'
  const before = process.memoryUsage().rss
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  const run = await sandbox.run(job(at, await workspace(at), shell, { maxOutputBytes: 1_000_000, timeoutMs: 120_000 }))
  clearInterval(watch)
  t.is(run.stdout.bytes, 400_000_000)
  t.true(run.stdout.truncated)
  t.true(run.stdout.kept.length < 1_000_100)
  const grown = Math.round((peak - before) / 1e6)
  t.log(`grew by ${grown} MB in ${run.durationMs} ms`)
  t.true(grown < 120, `grew by ${grown} MB`)
})

test('at the time limit the whole tree dies, also what left the session, ignored TERM and emptied its environment', async (t) => {
  const at = await host(t)
  const tree = await workspace(at)
  const word = `1000.${process.pid}`
  const shell = `trap '' TERM
    (setsid sh -c 'trap "" TERM; sleep ${word}' & )
    env -i setsid sleep ${word} &
    sleep ${word}`
  const run = await (await none.open(at)).run(job(at, tree, shell, { timeoutMs: 300, limit: 'hang-after' }))
  t.deepEqual(run.ended, { how: 'timed-out', afterMs: 300, limit: 'hang-after' })
  t.true(run.durationMs < 10_000)
  t.deepEqual(await commandLines(word), [])
})

test('a command that still prints goes on after its time, until it is silent or the last limit is reached', async (t) => {
  const at = await host(t)
  const sandbox = await none.open(at)
  const run = async (shell: string) => {
    const progress = { withinMs: 1000, untilMs: 3500 }
    return (await sandbox.run(job(at, await workspace(at), shell, { timeoutMs: 500, limit: 'per-command', progress })))
      .ended
  }
  const printing = (times: number) => `for n in $(seq ${times}); do echo $n; sleep 0.2; done`
  t.deepEqual(await run(printing(8)), { how: 'exited', code: 0 })
  t.like(await run(`${printing(4)}; sleep 60`), { how: 'timed-out', limit: 'per-command' })
  t.deepEqual(await run(printing(300)), { how: 'timed-out', afterMs: 3500, limit: 'session' })
  t.like(await run('sleep 60'), { how: 'timed-out', limit: 'per-command' })
})

test('a background process that holds the output does not outlive its command, nor delay the answer', async (t) => {
  const at = await host(t)
  const run = await (await none.open(at)).run(
    job(at, await workspace(at), `setsid sleep 1001.${process.pid} & echo done`),
  )
  t.is(said(run), 'done\n')
  t.true(run.durationMs < 10_000)
  t.deepEqual(await commandLines(`1001.${process.pid}`), [])
})

test('an abort ends the command', async (t) => {
  const at = await host(t)
  const control = new AbortController()
  setTimeout(() => control.abort(), 200)
  const run = await (await none.open(at)).run(job(at, await workspace(at), 'sleep 1000', { signal: control.signal }))
  t.deepEqual(run.ended, { how: 'not-run', reason: 'interrupted' })
})

test('descriptors that the engine inherited do not reach the command', async (t) => {
  const at = await host(t)
  await fs.writeFile(path.join(at.state, 'secret'), 'SECRET')
  const stdio = ['ignore', 'pipe', 'inherit', ...Array(17).fill('ignore'), openSync(path.join(at.state, 'secret'), 'r')]
  const { out } = await outcome(engine('none', at, 'cat /proc/self/fd/20; ls -l /proc/self/fd', {}, { stdio }))
  t.regex(out, /20 -> \/dev\/null/)
  t.notRegex(out, /secret/i)
})

for (const who of users)
  test(`everything dies with the engine of ${who}, even by kill -9`, async (t) => {
    const at = await host(t, { who })
    const word = `1002.${process.pid}${users.indexOf(who)}`
    const child = engine('none', at, `(setsid sleep ${word} &); env -i sleep ${word} & wait`)
    const sleepers = async () => (await commandLines(word)).filter((line) => line.startsWith('sleep'))
    while (child.exitCode === null && (await sleepers()).length < 2) await delay(20)
    child.kill('SIGKILL')
    await delay(300)
    t.deepEqual(await commandLines(word), [])
  })

for (const who of users)
  test(`nothing that a command of ${who} started outlives it`, async (t) => {
    const at = await host(t, { who })
    const word = `1003.${process.pid}${users.indexOf(who)}`
    const { out, ended } = await outcome(
      engine('none', at, `id -u; (setsid sleep ${word} &); env -i setsid sleep ${word} & kill -SEGV $$`),
    )
    t.deepEqual([out, ended], [`${at.uid}\n`, { how: 'signalled', signal: 'SIGSEGV' }])
    t.deepEqual(await commandLines(word), [])
  })

test('an include is a copy, made once and before the command', async (t) => {
  const at = await host(t)
  const source = path.join(at.checkout, 'node_modules')
  await fs.mkdir(path.join(source, 'dep'), { recursive: true })
  await fs.writeFile(path.join(source, 'dep/index.js'), 'original')
  await fs.symlink('dep', path.join(source, 'alias'))
  const tree = await workspace(at)
  const includes = [{ path: 'node_modules', source, directory: true }]
  const sandbox = await none.open(at)
  const first = await sandbox.run(
    job(at, tree, 'cat node_modules/alias/index.js; echo changed > node_modules/dep/index.js', { includes }),
  )
  t.is(said(first), 'original')
  const second = await sandbox.run(job(at, tree, 'cat node_modules/dep/index.js', { includes }))
  t.is(said(second), 'changed\n')
  t.is(await fs.readFile(path.join(source, 'dep/index.js'), 'utf8'), 'original')
})

test('an include is not put through a symlink of the tree', async (t) => {
  const at = await host(t)
  const outside = path.join(at.home, 'outside')
  await fs.mkdir(outside)
  const tree = await workspace(at)
  await fs.symlink(outside, path.join(tree.dir, 'vendor'))
  const includes = [{ path: 'vendor/dep', source: at.checkout, directory: true }]
  const run = await (await none.open(at)).run(job(at, tree, 'true', { includes }))
  t.deepEqual(run.ended, { how: 'not-run', reason: 'include vendor/dep: the path leads out of the work tree' })
  t.deepEqual(await fs.readdir(outside), [])
})

test('reports are small regular files of a private directory', async (t) => {
  const at = await host(t)
  const shell = `echo '<xml/>' > "$JUNIT"; ln -s /etc/passwd "$PP_REPORTS/link"; mkfifo "$PP_REPORTS/fifo"; mkdir "$PP_REPORTS/dir"
    head -c 20000000 /dev/zero > "$PP_REPORTS/big"`
  const reportEnv = (dir: string) => ({ JUNIT: `${dir}/junit.xml` })
  const run = await (await none.open(at)).run(job(at, await workspace(at), shell, { reportEnv }))
  t.deepEqual([...run.reports.keys()], ['junit.xml'])
  t.is(Buffer.from(run.reports.get('junit.xml') ?? []).toString(), '<xml/>\n')
})

test('nothing is claimed: both ways out are open, and nothing is thrown for that', async (t) => {
  const sandbox = await none.open(await host(t))
  t.deepEqual(await sandbox.selfTest(), { loopback: 'open', unixSocket: 'open' })
  const { memory: _m, cpu: _c, processCount: _p, ...walls } = sandbox.enforces
  t.true(Object.values(walls).every((claim) => !claim))
})
