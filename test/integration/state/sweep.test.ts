import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { removeCgroup } from '../../../src/engine/sandboxes/lib/cgroup.ts'
import { cgroupsOf } from '../../../src/engine/sandboxes/lib/cgroup-journal.ts'
import { openCgroups } from '../../../src/engine/sandboxes/lib/cgroups.ts'
import { toolPath } from '../../../src/engine/sandboxes/lib/find-tools.ts'
import { openSessionDir, processNamespace, startTime } from '../../../src/engine/state/session-dir.ts'
import { sweep } from '../../../src/engine/state/sweep.ts'
import { deepTree } from '../../helpers/deep-tree.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { commandLines, host } from '../sandboxes/machine.ts'

const uid = process.getuid?.() ?? 0
const cgroups = { of: cgroupsOf, remove: removeCgroup }
const removeContainer = async () => true

/** A sweep that removes what it finds, but for what a user wanted to keep. */
const sweeping = (repo: TestRepo) => ({
  ...{ commonDir: join(repo.dir, '.git'), uid, dryRun: false, kept: false, cgroups, removeContainer },
})

test('a dead session loses its directory and its worktree, a living one nothing', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const living = await openSessionDir(state, 'living')
  const dead = join(state, 'sessions', 'dead')
  await mkdir(dead)
  await writeFile(join(dead, 'owner'), JSON.stringify({ pid: 1 << 22, started: '1', ...(await processNamespace()) }))
  for (const dir of [living.path, dead])
    await repo.git('worktree', 'add', '-q', '--lock', '--detach', join(dir, '1', 'w'))
  const options = sweeping(repo)
  const told = await sweep([state], { ...options, dryRun: true })
  t.is(told.removed.length, 2)
  t.is((await readdir(join(state, 'sessions'))).length, 2)
  t.deepEqual((await sweep([state], options)).removed, told.removed)
  t.deepEqual(await readdir(join(state, 'sessions')), ['living'])
  t.is((await repo.git('worktree', 'list')).split('\n').length, 2)
})

test('what a dead session left goes, even where its paths are longer than the system takes', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const dead = join(state, 'sessions', 'dead')
  await mkdir(dead, { recursive: true })
  await writeFile(join(dead, 'owner'), JSON.stringify({ pid: 1 << 22, started: '1', ...(await processNamespace()) }))
  deepTree(join(dead, 'tree'))
  const options = sweeping(repo)
  t.is((await sweep([state], options)).removed.length, 1)
  t.deepEqual(await readdir(join(state, 'sessions')), [])
})

test('what a user wanted to keep stays until somebody asks for it to be swept', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const dir = await openSessionDir(state, 'mine')
  await dir.keep()
  await writeFile(
    join(dir.path, 'owner'),
    JSON.stringify({ pid: 1 << 22, started: '1', ...(await processNamespace()) }),
  )
  const options = sweeping(repo)
  t.deepEqual((await sweep([state], { ...options, kept: false })).removed, [])
  t.is((await sweep([state], { ...options, kept: true })).removed.length, 1)
  t.deepEqual(await readdir(join(state, 'sessions')), [])
})

test('a pid that was used again by another process does not keep a dead session', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const { path } = await openSessionDir(state, 'reused')
  await writeFile(
    join(path, 'owner'),
    JSON.stringify({ pid: process.pid, started: '1', ...(await processNamespace()) }),
  )
  await sweep([state], sweeping(repo))
  t.deepEqual(await readdir(join(state, 'sessions')), [])
})

test('what a dead session left half removed or running goes, what is marked by others stays', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const dead = join(state, 'sessions', 'dead')
  await mkdir(dead, { recursive: true })
  await writeFile(join(dead, 'owner'), JSON.stringify({ pid: 1 << 22, started: '1', ...(await processNamespace()) }))
  for (const name of ['dead', 'other']) {
    const dir = join(repo.home, name)
    await repo.git('worktree', 'add', '-q', '--lock', '--reason', `git pp uses it, ${name}; gc`, '--detach', dir)
    await rm(join(repo.dir, '.git', 'worktrees', name, 'gitdir'))
  }
  const [ours, others] = ['dead.1', 'other.1'].map((mark) => {
    const child = spawn('sh', ['-c', 'trap "" TERM; sleep 60 & wait'], {
      env: { PATH: repo.env['PATH'], PP_RUN: mark },
    })
    t.teardown(() => child.kill('SIGKILL'))
    return child
  })
  await sweep([state], sweeping(repo))
  t.deepEqual(await readdir(join(repo.dir, '.git', 'worktrees')), ['other'])
  t.is(ours?.signalCode ?? (ours && (await once(ours, 'exit'))[1]), 'SIGKILL')
  t.is(others?.exitCode ?? others?.signalCode, null)
})

test('a directory that was half made or half removed goes with who did it, and at once', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const sessions = join(repo.home, 'state', 'sessions')
  const space = (await processNamespace()).space.replace(/\D/g, '')
  const [ours, dead] = [`new~${process.pid}~${await startTime(process.pid)}~${space}`, `old~${1 << 22}~1~${space}`]
  const elsewhere = `far~${1 << 22}~1~1`
  for (const name of [ours, dead, elsewhere]) await mkdir(join(sessions, name, 'git-x'), { recursive: true })
  await sweep([join(repo.home, 'state')], sweeping(repo))
  t.deepEqual((await readdir(sessions)).sort(), [elsewhere, ours].sort())
})

test('a link in place of a session is not followed, and a directory just made is left alone', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const sessions = join(repo.home, 'state', 'sessions')
  const precious = join(repo.home, 'precious')
  await mkdir(join(sessions, 'new'), { recursive: true })
  await mkdir(join(sessions, 'old'))
  await mkdir(precious)
  await writeFile(join(precious, 'file'), 'x')
  await symlink(precious, join(sessions, 'link'))
  await utimes(join(sessions, 'old'), 1, 1)
  await sweep([join(repo.home, 'state')], sweeping(repo))
  t.deepEqual((await readdir(sessions)).sort(), ['link', 'new'])
  t.deepEqual(await readdir(precious), ['file'])
})

test('the cgroup of a dead session goes with the daemon in it, that of a living one stays', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const at = { ...(await host(t)), path: '/usr/bin:/bin' }
  const made = new Map<string, readonly string[]>()
  const word = `1023.${process.pid}`
  for (const name of ['dead', 'living']) {
    const { path } = await openSessionDir(state, name)
    const ours = await openCgroups({ ...at, state: path, session: name }, toolPath(at))
    const cgroup = await ours?.open()
    if (!ours || !cgroup) {
      t.pass('no cgroups here')
      return
    }
    t.teardown(cgroup.dispose)
    made.set(name, cgroup.dirs)
    const [program = '', ...args] = [
      ...ours.join(cgroup),
      '/bin/sh',
      '-c',
      `env -i setsid sleep ${word}${name === 'dead' ? 1 : 2} &`,
    ]
    execFileSync(program, args, { stdio: 'ignore' })
  }
  const owner = { pid: 1 << 22, started: '1', ...(await processNamespace()) }
  await writeFile(join(state, 'sessions', 'dead', 'owner'), JSON.stringify(owner))
  const { removed } = await sweep([state], sweeping(repo))
  const dead = made.get('dead') ?? []
  t.deepEqual(
    removed
      .map(({ what }) => what)
      .filter((what) => dead.includes(what))
      .sort(),
    [...dead].sort(),
  )
  t.deepEqual(
    dead.filter((dir) => existsSync(dir)),
    [],
  )
  t.deepEqual(
    (made.get('living') ?? []).filter((dir) => !existsSync(dir)),
    [],
  )
  t.deepEqual([(await commandLines(`${word}1`)).length, (await commandLines(`${word}2`)).length], [0, 1])
})

test('containers that a dead session wrote down are removed first; while one stays, its directory stays', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const sessions = join(repo.home, 'state', 'sessions')
  const listed = ['podman.pp-dead-1a', 'docker.pp-dead-2b', 'podman.pp-other-3c', 'podman.somebodys', 'sh.pp-dead-4d']
  await mkdir(join(sessions, 'dead', 'containers'), { recursive: true })
  for (const name of listed) await writeFile(join(sessions, 'dead', 'containers', name), '')
  await writeFile(
    join(sessions, 'dead', 'owner'),
    JSON.stringify({ pid: 1 << 22, started: '1', ...(await processNamespace()) }),
  )
  const options = { commonDir: join(repo.dir, '.git'), uid, dryRun: false, kept: false, cgroups }
  const asked: string[] = []
  const removing = (works: boolean) => async (left: { runtime: string; name: string }) => {
    asked.push(`${left.runtime} ${left.name}`)
    return works || left.runtime === 'podman'
  }
  const first = await sweep([join(repo.home, 'state')], { ...options, removeContainer: removing(false) })
  t.deepEqual(asked.sort(), ['docker pp-dead-2b', 'podman pp-dead-1a'])
  t.deepEqual(
    first.removed.map(({ what }) => what),
    ['podman container pp-dead-1a'],
  )
  t.deepEqual(await readdir(sessions), ['dead'])
  await sweep([join(repo.home, 'state')], { ...options, removeContainer: removing(true) })
  t.deepEqual(await readdir(sessions), [])
})
