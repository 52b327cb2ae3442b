import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { stateOf, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

/** A repository with a submodule at `libs/inner` (named `inner name`), which has one of its own at `deep`. */
async function nested(t: ExecutionContext): Promise<TestRepo> {
  const deep = await tempRepo(t, { 'deep.txt': 'deep\n' })
  const inner = await tempRepo(t, { 'inner.txt': 'inner\n' })
  const repo = await tempRepo(t, { a: 'a\n' })
  const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add']
  await inner.git(...add, deep.dir, 'deep')
  await inner.commit('with deep')
  await repo.git(...add, '--name', 'inner name', inner.dir, 'libs/inner')
  await repo.commit('with inner')
  await repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init', '--recursive')
  return repo
}

async function opened(t: ExecutionContext, repo: TestRepo, cwd = '') {
  const { workspaces } = await open(t, repo, cwd)
  const all = workspaces(path.join(repo.home, 'state'))
  const workspace = await all.open(await repo.git('rev-parse', 'HEAD^{tree}'))
  const read = (name: string) => fs.readFile(path.join(workspace.dir, name), 'utf8').catch(() => null)
  return { workspace, read, facts: all.facts }
}

test('submodules are filled from this machine, at the recorded commit, theirs too, without hooks', async (t) => {
  const repo = await nested(t)
  const hook = path.join(repo.dir, '.git/modules/inner name/hooks/post-checkout')
  await fs.writeFile(hook, '#!/bin/sh\ntouch "$HOME/HOOK-RAN"\n', { mode: 0o755 })
  await repo.write('libs/inner/inner.txt', 'later\n')
  await repo.git('-C', 'libs/inner', 'commit', '-q', '-a', '-m', 'later, not recorded')
  const before = await stateOf(repo)
  const { workspace, read, facts } = await opened(t, repo)
  t.is(await read('libs/inner/inner.txt'), 'inner\n')
  t.is(await read('libs/inner/deep/deep.txt'), 'deep\n')
  t.deepEqual(facts(), [])
  t.deepEqual([...(await workspace.touched(['libs/inner', 'a'])).keys()], [])
  t.deepEqual(await workspace.leftovers(), [])
  await workspace.dispose()
  t.deepEqual(await stateOf(repo), before)
  await t.throwsAsync(fs.access(path.join(repo.home, 'HOOK-RAN')))
})

test('a submodule whose git directory lies in the checkout itself is found there', async (t) => {
  const lib = await tempRepo(t, { 'lib.txt': 'lib\n' })
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.git('clone', '-q', lib.dir, 'lib')
  await repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib.dir, 'lib')
  await repo.commit('with lib')
  t.true((await fs.stat(path.join(repo.dir, 'lib/.git'))).isDirectory())
  const { workspace, read } = await opened(t, repo)
  t.is(await read('lib/lib.txt'), 'lib\n')
  await workspace.dispose()
})

test('a submodule that is not here leaves its directory empty and a fact', async (t) => {
  const repo = await nested(t)
  await repo.git('submodule', '--quiet', 'deinit', '--all', '--force')
  await fs.rm(path.join(repo.dir, '.git/modules'), { recursive: true })
  const { workspace, read, facts } = await opened(t, repo)
  t.deepEqual(await fs.readdir(path.join(workspace.dir, 'libs/inner')), [])
  t.is(await read('a'), 'a\n')
  t.deepEqual(facts(), [`submodule 'libs/inner' is not on this machine, so its directory is empty in every run`])
  await workspace.dispose()
})

test('a linked work tree finds the submodules of the main one', async (t) => {
  const repo = await nested(t)
  await repo.git('worktree', 'add', '-q', '../linked')
  const { workspace, read } = await opened(t, repo, '../linked')
  t.is(await read('libs/inner/deep/deep.txt'), 'deep\n')
  await workspace.dispose()
})

test('a name that leads out of the git directory finds nothing', async (t) => {
  const repo = await nested(t)
  await fs.cp(path.join(repo.dir, '.git/modules/inner name'), path.join(repo.home, 'evil'), { recursive: true })
  const modules = '[submodule "../../../home/evil"]\n\tpath = libs/inner\n\turl = x\n'
  await repo.git('submodule', '--quiet', 'deinit', '--all', '--force')
  await repo.write('.gitmodules', modules)
  await repo.commit('evil')
  const { workspace, facts } = await opened(t, repo)
  t.is(facts().length, 1)
  await workspace.dispose()
})

test('inside a submodule the submodule is the repository', async (t) => {
  const repo = await nested(t)
  const { place, objects, workspaces, snapshots } = await open(t, repo, 'libs/inner')
  t.is(place.top, path.join(repo.dir, 'libs/inner'))
  await repo.write('libs/inner/inner.txt', 'edited\n')
  const { tree, dirty } = await snapshots.take(() => null, new Date(0))
  t.true(dirty)
  t.is((await objects.list(tree)).length, 3)
  const workspace = await workspaces(path.join(repo.home, 'state')).open(tree)
  t.is(await fs.readFile(path.join(workspace.dir, 'inner.txt'), 'utf8'), 'edited\n')
  t.is(await fs.readFile(path.join(workspace.dir, 'deep/deep.txt'), 'utf8'), 'deep\n')
  await workspace.dispose()
})

test('a submodule at another commit is a change, its untidy work tree is not', async (t) => {
  const repo = await nested(t)
  const { snapshots } = await open(t, repo)
  await repo.write('libs/inner/inner.txt', 'untidy\n')
  t.false((await snapshots.take(() => null, new Date(0))).dirty)
  await repo.git('-C', 'libs/inner', 'commit', '-q', '-a', '-m', 'later')
  const { tree } = await snapshots.take(() => null, new Date(0))
  t.is(await repo.git('rev-parse', `${tree}:libs/inner`), await repo.git('-C', 'libs/inner', 'rev-parse', 'HEAD'))
})
