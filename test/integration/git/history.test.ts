import test from 'ava'
import { fsckClean, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const AT = new Date('2025-06-07T08:09:10.999Z')

test('a revision is resolved as git does, and peeled to its commit', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const first = await repo.git('rev-parse', 'HEAD')
  await repo.git('tag', '-a', '-m', 'x', 'v1')
  await repo.commit('second')
  const { history } = await open(t, repo)
  t.is(await history.resolve('v1'), first)
  t.is(await history.resolve('HEAD~'), first)
  t.is(await history.resolve(first.slice(0, 8)), first)
})

for (const rev of ['--all', '-x', '^HEAD', 'HEAD..HEAD', 'HEAD:a', 'nothing', '', 'a\0b', 'npm test', '--', 'HEAD^!']) {
  test(`${JSON.stringify(rev)} names no commit`, async (t) => {
    const repo = await tempRepo(t, { a: 'a\n' })
    const { history } = await open(t, repo)
    t.is(await history.resolve(rev), null)
  })
}

test('a commit is written by the user, in UTC, without hooks or signature', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.write('.git/hooks/commit-msg', '#!/bin/sh\ntouch HOOK-RAN\n')
  await repo.git('config', 'commit.gpgSign', 'true')
  const { history, head } = await open(t, repo)
  const parent = (await head()) ?? ''
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const oid = await history.write({ tree, parents: [parent], message: 'Grüße\n\nbody\n', at: AT })
  t.is(
    await repo.git('cat-file', 'commit', oid),
    `tree ${tree}\nparent ${parent}\nauthor A U Thor <author@example.com> 1749283750 +0000\ncommitter A U Thor <author@example.com> 1749283750 +0000\n\nGrüße\n\nbody`,
  )
  const facts = await history.commit(oid)
  t.deepEqual(facts, {
    oid,
    tree,
    parents: [parent],
    author: 'A U Thor <author@example.com>',
    subject: 'Grüße',
    message: 'Grüße\n\nbody\n',
    at: 1749283750,
  })
  t.true(await fsckClean(repo))
})

test('without a configured user it is git-pp, never a name made up from the machine', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { ident } = await open(t, repo, '', { GIT_CONFIG_GLOBAL: '/dev/null', EMAIL: 'who@host.example' })
  t.deepEqual(await ident(), { name: 'git-pp', email: 'git-pp@invalid' })
})

test('a committer named in the environment or by -c is the user', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const named = await open(t, repo, '', { GIT_COMMITTER_NAME: 'C I', GIT_COMMITTER_EMAIL: 'ci@example.com' })
  t.deepEqual(await named.ident(), { name: 'C I', email: 'ci@example.com' })
  const flagged = await open(t, repo, '', { GIT_CONFIG_PARAMETERS: "'user.name'='Flag'" })
  t.is((await flagged.ident()).name, 'Flag')
})

test('merge base and range, oldest first', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const base = await repo.git('rev-parse', 'HEAD')
  const one = await repo.commit('one')
  const two = await repo.commit('two')
  await repo.git('checkout', '-q', '-b', 'side', base)
  const side = await repo.commit('side', { b: 'b\n' })
  await repo.git('checkout', '-q', '--orphan', 'alone')
  const alone = await repo.commit('alone')
  const { history } = await open(t, repo)
  t.is(await history.mergeBase(two, side), base)
  t.is(await history.mergeBase(two, alone), null)
  t.deepEqual(await history.range(base, two), [one, two])
  t.deepEqual(await history.range(two, two), [])
})

test('a shallow clone has the history it has', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  await repo.commit('two')
  await repo.commit('three')
  await repo.git('clone', '-q', '--depth=2', `file://${repo.dir}`, 'shallow')
  const { history, head } = await open(t, repo, 'shallow')
  const tip = (await head()) ?? ''
  const [parent = ''] = (await history.commit(tip)).parents
  t.is((await history.commit(parent)).subject, 'two')
  const [beyond = ''] = (await history.commit(parent)).parents
  await t.throwsAsync(history.commit(beyond), { code: 'OBJECT_MISSING' })
  t.deepEqual(await history.range(parent, tip), [tip])
})
