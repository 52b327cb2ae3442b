import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test from 'ava'
import { fsckClean, stateOf, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

test('several refs move together or not at all', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { refs } = await open(t, repo)
  const one = await repo.git('rev-parse', 'HEAD')
  const two = await repo.commit('two')
  await refs.update([
    { ref: 'refs/pp/s/base', to: one, from: null },
    { ref: 'refs/pp/s/attempts/1', to: two },
  ])
  t.deepEqual(Object.fromEntries(await refs.list('refs/pp/s')), {
    'refs/pp/s/attempts/1': two,
    'refs/pp/s/base': one,
  })
  await t.throwsAsync(
    refs.update([
      { ref: 'refs/pp/s/attempts/1', to: null, from: two },
      { ref: 'refs/pp/s/base', to: two, from: null },
    ]),
    { code: 'GIT_FAILED' },
  )
  t.is((await refs.list('refs/pp/s/')).size, 2)
  await refs.update([
    { ref: 'refs/pp/s/attempts/1', to: null, from: two },
    { ref: 'refs/pp/s/base', to: two, from: one },
    { ref: 'refs/pp/s/final', to: null, from: null },
  ])
  t.deepEqual([...(await refs.list('refs/pp'))], [['refs/pp/s/base', two]])
  t.deepEqual([...(await refs.list('refs/pp/none'))], [])
})

test('our refs leave no reflog and nothing of the user changes', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.git('config', 'core.logAllRefUpdates', 'always')
  const before = await stateOf(repo)
  const { refs, notes } = await open(t, repo)
  const head = await repo.git('rev-parse', 'HEAD')
  await refs.update([{ ref: 'refs/pp/s/base', to: head }])
  await notes.append('refs/notes/pp/index', head, 'x')
  await refs.point('PP_HEAD', head)
  await t.throwsAsync(fs.access(path.join(repo.dir, '.git/logs/refs/pp')))
  await t.throwsAsync(fs.access(path.join(repo.dir, '.git/logs/refs/notes')))
  t.deepEqual(await stateOf(repo), before)
  t.true(await fsckClean(repo))
})

test('a ref in the way is named, with the command that moves it', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  await repo.git('update-ref', 'refs/notes/pp', head)
  await repo.git('update-ref', 'refs/pp/s/base/x', head)
  const { refs, notes } = await open(t, repo)
  const error = await t.throwsAsync(notes.append('refs/notes/pp/bundles', head, 'x'), {
    code: 'GIT_FAILED',
    message: /refs\/notes\/pp is in the way/,
  })
  await t.throwsAsync(refs.update([{ ref: 'refs/pp/s/base', to: head }]), {
    message: /refs\/pp\/s\/base\/x is in the way/,
  })
  const mend = (error as unknown as { mend: string }).mend
  for (const command of mend.split(' && ')) await repo.git(...command.split(' ').slice(1))
  await notes.append('refs/notes/pp/bundles', head, 'x')
  t.is(await repo.git('rev-parse', 'refs/notes/old-pp'), head)
})

test('a pseudo-ref belongs to one work tree', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  await repo.git('worktree', 'add', '-q', '../linked')
  const main = await open(t, repo)
  const linked = await open(t, repo, '../linked')
  t.is(await main.pseudoRef('PP_HEAD').read(), null)
  await main.pseudoRef('PP_HEAD').write(head)
  t.is(await main.pseudoRef('PP_HEAD').read(), head)
  t.is(await linked.pseudoRef('PP_HEAD').read(), null)
  t.is(await repo.git('rev-parse', 'PP_HEAD'), head)
})
