import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import type { Files } from '../../../src/engine/portable/limited-reader.ts'
import { openPortable } from '../../../src/engine/portable/repository.ts'
import { bomb } from '../../helpers/bomb.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const FILES = { 'a.txt': 'a\n', 'dir/b.txt': 'b\n', 'dir/deep/c.sh': '#!/bin/sh\n' }
const portable = (dir: string) => openPortable(fs as unknown as Files, { dir })

/** A repository with two branches that parted and met, a tag, and everything in one pack with deltas. */
async function grown(t: Parameters<typeof tempRepo>[0]): Promise<TestRepo> {
  const repo = await tempRepo(t, FILES)
  const long = Array.from({ length: 400 }, (_, n) => `line ${n} of a long file`).join('\n')
  for (let n = 0; n < 4; n++) await repo.commit(`step ${n}`, { long: `${long}\n${n}\n`, 'a.txt': `${n}\n` })
  await repo.git('checkout', '-q', '-b', 'topic', 'HEAD~2')
  await repo.commit('aside', { 'topic.txt': 'x\n' })
  await repo.git('tag', '-a', '-m', 'a tag', 'v1')
  await repo.git('checkout', '-q', 'main')
  return repo
}

for (const packed of [false, true]) {
  test(`objects are those that git reads${packed ? ', out of a pack with deltas' : ''}`, async (t) => {
    const repo = await grown(t)
    if (packed) await repo.git('gc', '-q', '--aggressive', '--prune=now')
    const { rehashed } = await open(t, repo)
    const { objects } = await portable(repo.dir)
    const ids = (await repo.git('rev-list', '--all')).split('\n')
    for (const id of ids) t.deepEqual(await objects.commit(id), await rehashed.commit(id))
    for (const id of ids) {
      const { tree } = await objects.commit(id)
      t.deepEqual(await objects.list(tree), await rehashed.list(tree))
      for (const { oid } of await objects.list(tree))
        t.deepEqual(Buffer.from(await objects.read(oid)), Buffer.from(await rehashed.read(oid)))
    }
  })

  test(`names, ranges and merge bases are those of git${packed ? ', with packed refs' : ''}`, async (t) => {
    const repo = await grown(t)
    if (packed) await repo.git('pack-refs', '--all')
    const { history, refs } = await open(t, repo)
    const own = await portable(repo.dir)
    const names = [
      'HEAD',
      '@',
      'main',
      'topic',
      'v1',
      'tags/v1',
      'refs/heads/main',
      'main~2',
      'main^',
      'topic^{commit}',
      'v1^0',
      'HEAD~99',
      'nobody',
    ]
    for (const name of names) t.is(await own.history.resolve(name), await history.resolve(name), name)
    const [main = '', topic = ''] = await Promise.all(['main', 'topic'].map((name) => history.resolve(name)))
    t.is(await own.history.mergeBase(main ?? '', topic ?? ''), await history.mergeBase(main ?? '', topic ?? ''))
    t.deepEqual(
      new Set(await own.history.range(topic ?? '', main ?? '')),
      new Set(await history.range(topic ?? '', main ?? '')),
    )
    t.deepEqual([...(await own.refs.list('refs/heads/'))], [...(await refs.list('refs/heads/'))])
  })
}

test('a linked work tree has its own HEAD and the refs of the whole repository', async (t) => {
  const repo = await grown(t)
  const dir = path.join(repo.home, 'linked')
  await repo.git('worktree', 'add', '-q', dir, 'topic')
  const { history, refs } = await portable(dir)
  t.is(await history.resolve('HEAD'), await repo.git('rev-parse', 'topic'))
  t.is(await history.resolve('main'), await repo.git('rev-parse', 'main'))
  t.true((await refs.list('refs/heads/')).has('refs/heads/main'))
})

test('notes are found however far git has spread them', async (t) => {
  const repo = await tempRepo(t, FILES)
  const head = await repo.git('rev-parse', 'HEAD')
  await repo.git('notes', '--ref', 'many', 'add', '-m', 'a note')
  const objects = Array.from({ length: 300 }, (_, n) => createHash('sha1').update(String(n)).digest('hex'))
  await repo.gitWith(
    objects.map((object) => `${head} ${object}\n`).join(''),
    'notes',
    '--ref',
    'many',
    'copy',
    '--stdin',
  )
  t.regex(await repo.git('ls-tree', 'refs/notes/many'), /^040000 tree \w+\t[0-9a-f]{2}$/m)
  const { notes: theirs } = await open(t, repo)
  const { notes } = await portable(repo.dir)
  t.deepEqual([...(await notes.list('refs/notes/many'))].sort(), [...objects, head].sort())
  t.deepEqual([...(await theirs.list('refs/notes/many'))].sort(), [...objects, head].sort())
  for (const object of [head, objects[7] ?? ''])
    t.is(Buffer.from((await notes.read('refs/notes/many', object)) ?? []).toString(), 'a note\n')
  t.is((await notes.list('refs/notes/many')).length, 301)
  t.is(await notes.read('refs/notes/none', head), null)
})

test('what is kept in a way that is not read here is refused by its name', async (t) => {
  const sha256 = await tempRepo(t, FILES, { format: 'sha256' })
  await t.throwsAsync(portable(sha256.dir), {
    code: 'UNSUPPORTED_REPOSITORY',
    message: /object ids in the format sha256/,
  })
  const repo = await tempRepo(t, FILES)
  const borrowing = path.join(repo.home, 'borrowing')
  await repo.git('clone', '-q', '--shared', repo.dir, borrowing)
  await t.throwsAsync(portable(borrowing), { code: 'UNSUPPORTED_REPOSITORY', message: /alternates/ })
  await repo.git('config', 'uploadpack.allowFilter', 'true')
  const partial = path.join(repo.home, 'partial')
  await repo.git('clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repo.dir}`, partial)
  await t.throwsAsync(portable(partial), { code: 'UNSUPPORTED_REPOSITORY', message: /a partial clone/ })
  await repo.git('config', 'extensions.refStorage', 'reftable')
  await t.throwsAsync(portable(repo.dir), {
    code: 'UNSUPPORTED_REPOSITORY',
    message: /refs that are not stored as files/,
  })
  await t.throwsAsync(portable(repo.home), { code: 'NOT_A_REPOSITORY' })
})

test('an object that says it is larger than 64 MiB is refused before it is inflated, loose or packed', async (t) => {
  const repo = await tempRepo(t, FILES)
  const file = path.join(repo.home, 'large')
  await promisify(execFile)('truncate', ['-s', '65M', file])
  const blob = await repo.git('hash-object', '-w', '--no-filters', file)
  const { objects } = await portable(repo.dir)
  await t.throwsAsync(objects.read(blob), { code: 'UNSUPPORTED_REPOSITORY', message: /larger than 64 MiB/ })
  await repo.git(
    'update-ref',
    'refs/heads/large',
    await repo.git('commit-tree', await repo.gitWith(`100644 blob ${blob}\tx\n`, 'mktree'), '-m', 'x'),
  )
  await repo.git('gc', '-q', '--prune=now')
  await t.throwsAsync((await portable(repo.dir)).objects.read(blob), {
    code: 'UNSUPPORTED_REPOSITORY',
    message: /larger than 64 MiB/,
  })
})

test('names that lead out of the git directory are no refs', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('.git/OUTSIDE', `${await repo.git('rev-parse', 'HEAD')}\n`)
  await repo.write('outside', `${await repo.git('rev-parse', 'HEAD')}\n`)
  const { history } = await portable(repo.dir)
  for (const name of ['refs/../../outside', '../outside', 'refs/heads/../../OUTSIDE', '--all', '', 'a b', '.git/HEAD'])
    t.is(await history.resolve(name), null, name)
})

test('a bomb in the place of notes is told at once', async (t) => {
  const repo = await tempRepo(t, FILES)
  const tree = await bomb(repo, { wide: 10, deep: 20, name: 'a' })
  await repo.git('update-ref', 'refs/notes/pp/index', await repo.git('commit-tree', tree, '-m', 'notes'))
  const { notes } = await portable(repo.dir)
  await t.throwsAsync(notes.list('refs/notes/pp/index'), { code: 'MALFORMED', message: /not a valid tree of notes/ })
})
