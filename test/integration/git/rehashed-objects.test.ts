import test from 'ava'
import { plant } from '../../helpers/planted.ts'
import { tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const FILES = { 'a.txt': 'a\n', 'dir/b.txt': 'b\n', 'dir/deep/c.sh': '#!/bin/sh\n', dir2: 'a file\n' }

for (const format of ['sha1', 'sha256'] as const) {
  test(`a tree of a ${format} repository is listed as git lists it`, async (t) => {
    const repo = await tempRepo(t, FILES, { format })
    const { rehashed, objects } = await open(t, repo)
    const tree = await repo.git('rev-parse', 'HEAD^{tree}')
    t.deepEqual(await rehashed.list(tree), [...(await objects.list(tree))])
  })

  test(`two trees of a ${format} repository differ as git says`, async (t) => {
    const repo = await tempRepo(t, FILES, { format })
    const { rehashed, objects } = await open(t, repo)
    await repo.git('rm', '-q', 'dir2')
    const before = await repo.git('rev-parse', 'HEAD^{tree}')
    await repo.commit('more', { 'dir2/now-a-dir': 'x\n', 'dir/b.txt': 'other\n', 'new/file': 'n\n' })
    const after = await repo.git('rev-parse', 'HEAD^{tree}')
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1)
    const ours = await rehashed.changes(before, after)
    t.is(ours.length, 4)
    t.deepEqual([...ours].sort(byPath), [...(await objects.changes(before, after))].sort(byPath))
  })
}

test('a path that is not UTF-8 is told as everywhere else', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { rehashed, objects } = await open(t, repo)
  const blob = await repo.gitWith('x', 'hash-object', '-w', '--stdin')
  const raw = Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), Buffer.from([0xff, 0x61]), Buffer.from('\0')])
  const tree = await repo.gitWith(raw, 'mktree', '-z')
  t.deepEqual(await rehashed.list(tree), [...(await objects.list(tree))])
})

test('a blob, a tree and a commit planted under the id of another are noticed', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { rehashed } = await open(t, repo)
  const id = (rev: string) => repo.git('rev-parse', rev)
  const [blob, tree, root, commit] = await Promise.all(['HEAD:a.txt', 'HEAD:dir', 'HEAD^{tree}', 'HEAD'].map(id))
  await repo.commit('other', { 'a.txt': 'evil\n', 'dir/b.txt': 'evil\n' })
  await plant(repo, blob ?? '', await id('HEAD:a.txt'))
  await plant(repo, tree ?? '', await id('HEAD:dir'))
  await plant(repo, commit ?? '', await id('HEAD'))
  await t.throwsAsync(rehashed.read(blob ?? ''), { code: 'MALFORMED', message: /blob \w+ does not have this id/ })
  await t.throwsAsync(rehashed.list(root ?? ''), { code: 'MALFORMED', message: /tree \w+ does not have this id/ })
  await t.throwsAsync(rehashed.commit(commit ?? ''), { code: 'MALFORMED', message: /commit \w+ does not have this id/ })
})

test('what is not here is missing, not malformed', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { rehashed } = await open(t, repo)
  await t.throwsAsync(rehashed.list('1'.repeat(40)), { code: 'OBJECT_MISSING' })
})
