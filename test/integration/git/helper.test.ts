import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test from 'ava'
import { fsckClean, stateOf, tempRepo } from '../../helpers/repo.ts'

test('two repositories made alike have the same commit', async (t) => {
  const [a, b] = await Promise.all([tempRepo(t, { 'a.txt': 'a\n' }), tempRepo(t, { 'a.txt': 'a\n' })])
  t.is(await a.git('rev-parse', 'HEAD'), await b.git('rev-parse', 'HEAD'))
  t.true(await fsckClean(a))
})

test('a state notices a changed file, a staged one, a branch and a touched mtime', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n' })
  const before = await stateOf(repo)
  t.deepEqual(await repo.snapshotState(), before)
  await fs.utimes(path.join(repo.dir, 'a.txt'), 1, 1)
  t.notDeepEqual((await stateOf(repo)).files, before.files)
  await repo.git('branch', 'other')
  t.not((await stateOf(repo)).refs, before.refs)
  await repo.write('b.txt', 'b\n')
  t.not((await stateOf(repo)).status, before.status)
  await repo.git('add', 'b.txt')
  t.not((await stateOf(repo)).index, before.index)
})

test('our own refs are no part of the state', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n' })
  const before = await stateOf(repo)
  await repo.git('update-ref', 'refs/pp/x/final', 'HEAD')
  await repo.git('notes', '--ref=refs/notes/pp/index', 'add', '-m', 'x')
  t.deepEqual(await stateOf(repo), before)
})
