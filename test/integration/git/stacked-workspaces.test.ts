import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { NO_MEMORY } from '../../../src/engine/ports/probe-memory.ts'
import { openLayering } from '../../../src/engine/sandboxes/lib/layers/open-layering.ts'
import { where } from '../../helpers/needs.ts'
import { fsckClean, stateOf, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const BOUNDS = { memory: 1 << 30, cpus: null, processes: null, disk: 1 << 28 }
const TOOLS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** A session of its own over a repository; `again` opens another one with the same shared checkouts. */
async function session(t: ExecutionContext, repo: TestRepo, name = 'one') {
  const state = path.join(repo.home, 'cache', name)
  const bases = path.join(repo.home, 'cache/bases')
  await fs.mkdir(state, { recursive: true })
  const layering = await openLayering({ state, bounds: BOUNDS, probes: NO_MEMORY }, TOOLS)
  if (layering === null) throw new Error('overlays do not work here')
  const repository = await open(t, repo)
  const all = repository.workspaces(state, { layers: { layering, bases } })
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  return { all, tree, bases, state }
}

const works = await (async () => {
  const state = await fs.mkdtemp('/tmp/pp-layers-')
  const layering = await openLayering({ state, bounds: BOUNDS, probes: NO_MEMORY }, TOOLS)
  await fs.rm(state, { recursive: true })
  return layering !== null
})()
const layered = where(works, 'no overlay can be mounted here')

const FILES = { 'a ü': 'a\n', 'src/x.js': 'x\n', 'src/old/gone.js': 'gone\n', 'test/x.test.js': 'test\n' }
const read = (dir: string, name: string) => fs.readFile(path.join(dir, name), 'utf8')

layered('what is written goes to the one work tree only, and is seen as in a checkout', async (t) => {
  const repo = await tempRepo(t, FILES, { name: 'my: repo, \\x' })
  const before = await stateOf(repo)
  const { all, tree, state } = await session(t, repo)
  const [first, second] = [await all.open(tree), await all.open(tree)]
  t.truthy(first.stack)
  t.is(all.worktrees().kind, 'overlay')
  t.regex(await repo.git('worktree', 'list', '--porcelain'), /locked git pp uses it, one/)
  await fs.writeFile(path.join(first.dir, 'src/x.js'), 'changed\n')
  await fs.rm(path.join(first.dir, 'src/old'), { recursive: true })
  await fs.mkdir(path.join(first.dir, 'src/old'))
  await fs.writeFile(path.join(first.dir, 'src/old/new.test.js'), 'new\n')
  await fs.mkdir(path.join(first.dir, 'build/deep'), { recursive: true })
  await fs.writeFile(path.join(first.dir, 'build/deep/out'), 'out\n')
  await fs.chmod(path.join(first.dir, 'test/x.test.js'), 0o600)
  t.is(await read(second.dir, 'src/x.js'), 'x\n')
  t.is(await read(second.dir, 'src/old/gone.js'), 'gone\n')
  t.deepEqual([...(await first.touched(Object.keys(FILES))).keys()].sort(), ['src/old/gone.js', 'src/x.js'])
  t.deepEqual(await first.leftovers(), ['build', 'src/old/new.test.js'])
  t.deepEqual([...(await first.untracked(() => true, tree))].sort(), ['build/deep/out', 'src/old/new.test.js'])
  t.deepEqual([...(await second.touched(Object.keys(FILES))).keys()], [])
  t.deepEqual(await second.leftovers(), [])
  const stamps = await first.stamps(['a ü'])
  await fs.utimes(path.join(first.dir, 'a ü'), 1, 1)
  t.notDeepEqual(await first.stamps(['a ü']), stamps)
  await first.restore(['src/x.js'])
  t.is(await read(first.dir, 'src/x.js'), 'x\n')
  await Promise.all([first, second].map((one) => one.dispose()))
  await first.dispose()
  t.deepEqual(await stateOf(repo), before)
  t.deepEqual((await fs.readdir(state)).sort(), ['bases-in-use', 'objects'])
  t.true(await fsckClean(repo))
})

layered('other trees are the base and a layer of what differs, with links, modes and directories', async (t) => {
  const repo = await tempRepo(t, { ...FILES, 'd/f': 'f\n', 'f/g': 'g\n', kept: 'k\n' })
  await fs.symlink('kept', path.join(repo.dir, 'link'))
  await repo.commit('first')
  const { all, tree, bases } = await session(t, repo)
  const first = await all.open(tree)
  await fs.rm(path.join(repo.dir, 'd'), { recursive: true })
  await fs.rm(path.join(repo.dir, 'link'))
  await fs.rm(path.join(repo.dir, 'kept'))
  await fs.rm(path.join(repo.dir, 'f'), { recursive: true })
  await fs.rm(path.join(repo.dir, 'src/old'), { recursive: true })
  await fs.symlink('src/x.js', path.join(repo.dir, 'd'))
  await fs.symlink('src', path.join(repo.dir, 'f'))
  await fs.mkdir(path.join(repo.dir, 'link'))
  await repo.write('link/inside', 'inside\n')
  await repo.write('run.sh', '#!/bin/sh\n')
  await fs.chmod(path.join(repo.dir, 'run.sh'), 0o755)
  await repo.commit('second')
  const other = await repo.git('rev-parse', 'HEAD^{tree}')
  const second = await all.open(other)
  t.truthy(second.stack)
  t.deepEqual((await fs.readdir(second.dir)).sort(), ['.git', 'a ü', 'd', 'f', 'link', 'run.sh', 'src', 'test'])
  t.deepEqual(await fs.readdir(path.join(second.dir, 'src')), ['x.js'])
  t.is(await fs.readlink(path.join(second.dir, 'd')), 'src/x.js')
  t.is(await read(second.dir, 'link/inside'), 'inside\n')
  t.is((await fs.stat(path.join(second.dir, 'run.sh'))).mode & 0o111, 0o111)
  const names = (await repo.git('ls-tree', '-r', '-z', '--name-only', other)).split('\0').filter(Boolean)
  t.deepEqual([...(await second.touched(names)).keys()], [])
  t.deepEqual(await second.leftovers(), [])
  t.is((await fs.readdir(bases)).length, 1)
  t.is(await read(first.dir, 'd/f'), 'f\n')
  await Promise.all([first, second].map((one) => one.dispose()))
})

layered('a later session uses the checkout of an earlier one, also for a commit that came since', async (t) => {
  const repo = await tempRepo(t, FILES)
  const one = await session(t, repo)
  await (await one.all.open(one.tree)).dispose()
  const [name = ''] = await fs.readdir(one.bases)
  const born = (await fs.stat(path.join(one.bases, name, 'tree'))).birthtimeMs
  await repo.commit('moved', { 'src/x.js': 'moved\n' })
  const two = await session(t, repo, 'two')
  const workspace = await two.all.open(two.tree)
  t.is(await read(workspace.dir, 'src/x.js'), 'moved\n')
  t.deepEqual(await fs.readdir(two.bases), [name])
  t.is((await fs.stat(path.join(two.bases, name, 'tree'))).birthtimeMs, born)
  t.deepEqual(two.all.facts(), [])
  await workspace.dispose()
})

const HARM: Readonly<Record<string, (tree: string, base: string) => Promise<void>>> = {
  'one byte of a test, its times restored': async (tree) => {
    const file = path.join(tree, 'test/x.test.js')
    const { atime, mtime } = await fs.stat(file)
    await fs.writeFile(file, 'tesT\n')
    await fs.utimes(file, atime, mtime)
  },
  'a file more': (tree) => fs.writeFile(path.join(tree, 'test/conftest.py'), ''),
  'a file less': (tree) => fs.rm(path.join(tree, 'src/x.js')),
  'a directory more': (tree) => fs.mkdir(path.join(tree, 'node_modules')),
  'another mode': (tree) => fs.chmod(path.join(tree, 'src/x.js'), 0o755),
  'a link in the place of a file': async (tree) => {
    await fs.rename(path.join(tree, 'src/x.js'), path.join(tree, '../x.js'))
    await fs.symlink('../../x.js', path.join(tree, 'src/x.js'))
  },
  'a link in the place of a directory': async (tree) => {
    await fs.rename(path.join(tree, 'src'), path.join(tree, '../src'))
    await fs.symlink('../src', path.join(tree, 'src'))
  },
  'a second name of a file, through which it could be changed': (tree, base) =>
    fs.link(path.join(tree, 'src/x.js'), path.join(base, 'alias')),
  'a pipe in the place of a file': async (tree) => {
    await fs.rm(path.join(tree, 'src/x.js'))
    const { execFileSync } = await import('node:child_process')
    execFileSync('mkfifo', [path.join(tree, 'src/x.js')])
  },
  'an index of another tree': (_, base) => fs.writeFile(path.join(base, 'index'), 'DIRC'),
  'a directory that others may enter': (_, base) => fs.chmod(base, 0o755),
}

for (const [what, harm] of Object.entries(HARM))
  layered(`a shared checkout with ${what} is noticed, and the session goes on without it`, async (t) => {
    const repo = await tempRepo(t, FILES)
    const one = await session(t, repo)
    await (await one.all.open(one.tree)).dispose()
    const [name = ''] = await fs.readdir(one.bases)
    await harm(path.join(one.bases, name, 'tree'), path.join(one.bases, name))
    const two = await session(t, repo, 'two')
    const workspace = await two.all.open(two.tree)
    t.deepEqual(two.all.facts(), ['a shared checkout in the cache had been changed, so it was not used'])
    for (const [file, text] of Object.entries(FILES)) t.is(await read(workspace.dir, file), text)
    t.deepEqual(await fs.readdir(path.join(workspace.dir, 'src')), ['old', 'x.js'])
    t.truthy(workspace.stack)
    await workspace.dispose()
    const three = await session(t, repo, 'three')
    await (await three.all.open(three.tree)).dispose()
    t.deepEqual(three.all.facts(), [])
  })

layered('a file of a layer that changes after it was compared counts as touched', async (t) => {
  const repo = await tempRepo(t, FILES)
  const one = await session(t, repo)
  await (await one.all.open(one.tree)).dispose()
  const [name = ''] = await fs.readdir(one.bases)
  const two = await session(t, repo, 'two')
  const workspace = await two.all.open(two.tree)
  const file = path.join(one.bases, name, 'tree/test/x.test.js')
  const { atime, mtime } = await fs.stat(file)
  await sleep(20)
  await fs.writeFile(file, 'tesT\n')
  await fs.utimes(file, atime, mtime)
  t.deepEqual([...(await workspace.touched(['test/x.test.js'])).keys()], ['test/x.test.js'])
  await workspace.dispose()
})

layered('line ends that the tree asks for are no change of a shared checkout', async (t) => {
  const repo = await tempRepo(t, { '.gitattributes': '*.bat eol=crlf\n', 'a.bat': 'one\ntwo\n', b: 'b\n' })
  for (const name of ['one', 'two']) {
    const { all, tree } = await session(t, repo, name)
    const workspace = await all.open(tree)
    t.is(await read(workspace.dir, 'a.bat'), 'one\r\ntwo\r\n')
    t.deepEqual([...(await workspace.touched(['a.bat', 'b'])).keys()], [])
    await fs.writeFile(path.join(workspace.dir, 'a.bat'), 'one\ntwo\n')
    t.deepEqual([...(await workspace.touched(['a.bat', 'b'])).keys()], ['a.bat'])
    t.deepEqual(all.facts(), [])
    await workspace.dispose()
  }
})

layered('two sessions that start at once have a sound tree each', async (t) => {
  const repo = await tempRepo(t, FILES)
  const names = ['one', 'two', 'three', 'four']
  const sessions = await Promise.all(names.map((name) => session(t, repo, name)))
  const workspaces = await Promise.all(sessions.map(({ all, tree }) => all.open(tree)))
  for (const workspace of workspaces) {
    t.truthy(workspace.stack)
    t.deepEqual([...(await workspace.touched(Object.keys(FILES))).keys()], [])
    t.is(await read(workspace.dir, 'src/x.js'), 'x\n')
  }
  await Promise.all(workspaces.map((one) => one.dispose()))
  const later = await session(t, repo, 'later')
  await (await later.all.open(later.tree)).dispose()
  t.deepEqual(later.all.facts(), [])
})

layered('a full work tree in memory is seen', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { all, tree } = await session(t, repo)
  const workspace = await all.open(tree)
  t.false(await workspace.stack?.wasFull())
  const file = path.join(workspace.dir, 'big')
  await t.throwsAsync(fs.writeFile(file, Buffer.alloc(BOUNDS.disk)), { code: 'ENOSPC' })
  t.true(await workspace.stack?.wasFull())
  await fs.rm(file)
  t.true(await workspace.stack?.wasFull())
  await workspace.dispose()
})
