import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { here, openSessionDir } from '../../../src/engine/state/session-dir.ts'
import { sweep } from '../../../src/engine/state/sweep.ts'
import { tempRepo } from '../../helpers/repo.ts'

const uid = process.getuid?.() ?? 0
const removeContainer = async () => true

test('a dead session loses its directory and its worktree, a living one nothing', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const living = await openSessionDir(state, 'living')
  const dead = join(state, 'sessions', 'dead')
  await mkdir(dead)
  await writeFile(join(dead, 'owner'), JSON.stringify({ pid: 1 << 22, started: '1', ...(await here()) }))
  for (const dir of [living.path, dead])
    await repo.git('worktree', 'add', '-q', '--lock', '--detach', join(dir, '1', 'w'))
  const options = { commonDir: join(repo.dir, '.git'), uid, dryRun: false, removeContainer }
  const told = await sweep([state], { ...options, dryRun: true })
  t.is(told.removed.length, 2)
  t.is((await readdir(join(state, 'sessions'))).length, 2)
  t.deepEqual((await sweep([state], options)).removed, told.removed)
  t.deepEqual(await readdir(join(state, 'sessions')), ['living'])
  t.is((await repo.git('worktree', 'list')).split('\n').length, 2)
})

test('a pid that was used again by another process does not keep a dead session', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const state = join(repo.home, 'state')
  const { path } = await openSessionDir(state, 'reused')
  await writeFile(join(path, 'owner'), JSON.stringify({ pid: process.pid, started: '1', ...(await here()) }))
  await sweep([state], { commonDir: join(repo.dir, '.git'), uid, dryRun: false, removeContainer })
  t.deepEqual(await readdir(join(state, 'sessions')), [])
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
  await sweep([join(repo.home, 'state')], { commonDir: join(repo.dir, '.git'), uid, dryRun: false, removeContainer })
  t.deepEqual((await readdir(sessions)).sort(), ['link', 'new'])
  t.deepEqual(await readdir(precious), ['file'])
})

test('containers that a dead session wrote down are removed first; while one stays, its directory stays', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const sessions = join(repo.home, 'state', 'sessions')
  const listed = ['podman.pp-dead-1a', 'docker.pp-dead-2b', 'podman.pp-other-3c', 'podman.somebodys', 'sh.pp-dead-4d']
  await mkdir(join(sessions, 'dead', 'containers'), { recursive: true })
  for (const name of listed) await writeFile(join(sessions, 'dead', 'containers', name), '')
  await writeFile(join(sessions, 'dead', 'owner'), JSON.stringify({ pid: 1 << 22, started: '1', ...(await here()) }))
  const options = { commonDir: join(repo.dir, '.git'), uid, dryRun: false }
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
