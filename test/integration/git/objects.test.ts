import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test from 'ava'
import type { Edit } from '../../../src/engine/model/change.ts'
import { fsckClean, stateOf, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const bytes = (content: string) => ({ bytes: Buffer.from(content), mode: '100644' as const })

test('a tree is listed recursively in the order of its path bytes', async (t) => {
  const repo = await tempRepo(t, { 'a/b.txt': 'b', 'a.txt': 'a', 'ü x.txt': 'u', 'a-b': 'x' })
  const { objects } = await open(t, repo)
  const entries = await objects.list(await repo.git('rev-parse', 'HEAD^{tree}'))
  t.deepEqual(
    entries.map((entry) => entry.path),
    ['a-b', 'a.txt', 'a/b.txt', 'ü x.txt'],
  )
  t.is(entries[0]?.mode, '100644')
})

test('blobs are read byte for byte, many at once', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`f${n}`, Buffer.alloc(n * 7000, n)]))
  const repo = await tempRepo(t, files)
  const { objects } = await open(t, repo)
  const entries = await objects.list(await repo.git('rev-parse', 'HEAD^{tree}'))
  const read = await Promise.all(entries.map(async (entry) => [entry.path, await objects.read(entry.oid)] as const))
  for (const [name, content] of read) t.true(Buffer.from(content).equals(files[name] ?? Buffer.from('?')), name)
})

test('an object that is not there is OBJECT_MISSING, and the next one is still read', async (t) => {
  const repo = await tempRepo(t, { a: 'a' })
  const { objects } = await open(t, repo)
  await t.throwsAsync(objects.read('1'.repeat(40)), { code: 'OBJECT_MISSING' })
  await t.throwsAsync(objects.read(await repo.git('rev-parse', 'HEAD')), { code: 'OBJECT_MISSING' })
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  await t.throwsAsync(objects.list('1'.repeat(40)), { code: 'OBJECT_MISSING' })
  await t.throwsAsync(objects.changes(tree, '1'.repeat(40)), { code: 'OBJECT_MISSING', message: /the tree 1+ is not/ })
  t.is(text(await objects.read(await repo.git('rev-parse', 'HEAD:a'))), 'a')
})

test('edits replace, add and remove; git finds nothing wrong and nothing of the user changes', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', 'd/x': 'x\n', 'd/y': 'y\n', file: 'f\n' })
  const before = await stateOf(repo)
  const { objects } = await open(t, repo)
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const edited = await objects.edit(
    tree,
    new Map<string, Edit>([
      ['a', bytes('A\r\n')],
      ['d/x', null],
      ['new/deep/z', { bytes: Buffer.from([0, 255]), mode: '100755' }],
      ['file', null],
      ['file/below', bytes('now a directory\n')],
    ]),
  )
  t.deepEqual(
    (await objects.changes(tree, edited)).map(({ path, before, after }) => [path, before?.mode, after?.mode]),
    [
      ['a', '100644', '100644'],
      ['d/x', '100644', undefined],
      ['file', '100644', undefined],
      ['file/below', undefined, '100644'],
      ['new/deep/z', undefined, '100755'],
    ],
  )
  t.is(await repo.git('cat-file', 'blob', `${edited}:a`), 'A\r')
  t.is(await objects.edit(tree, new Map()), tree)
  t.true(await fsckClean(repo))
  t.deepEqual(await stateOf(repo), before)
})

test('attributes that would convert or hide content have no say in blobs and patches', async (t) => {
  const repo = await tempRepo(t, {
    '.gitattributes': '*.py diff=python\n*.txt -diff\n*.md diff=evil text eol=crlf\n',
    'a.py': 'class A:\n    def f(self):\n        x = 1\n\n\n\n\n        y = 1\n',
    'b.txt': 'one\n',
    'c.md': 'one\n',
  })
  const files = {
    'a.py': 'class A:\n    def f(self):\n        x = 1\n\n\n\n\n        y = 2\n',
    'b.txt': 'two\n',
    'c.md': 'two\n',
  }
  await repo.commit('second', files)
  const { objects } = await open(t, repo)
  const [from, to] = [await repo.git('rev-parse', 'HEAD~^{tree}'), await repo.git('rev-parse', 'HEAD^{tree}')]
  const patch = await objects.patch(from, to)
  await repo.git('config', 'diff.evil.textconv', 'touch TEXTCONV-RAN; cat')
  await repo.git('config', 'diff.evil.command', 'touch COMMAND-RAN')
  await repo.git('config', 'diff.noprefix', 'true')
  await repo.git('config', 'diff.algorithm', 'patience')
  await repo.git('config', 'diff.context', '0')
  await repo.write('.git/info/attributes', '* -diff\n')
  const { objects: again } = await open(t, repo)
  t.is(text(await again.patch(from, to)), text(patch))
  t.regex(text(patch), /--- a\/b\.txt\n\+\+\+ b\/b\.txt\n@@ -1 \+1 @@\n-one\n\+two/)
  t.regex(text(patch), /--- a\/c\.md/)
  t.is(await repo.git('status', '--porcelain'), '')
})

test('a path that is no UTF-8 is carried untouched', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const blob = await repo.git('rev-parse', 'HEAD:a')
  const name = Buffer.from([0x66, 0xff, 0xc3, 0x28, 0x66])
  const input = Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), name, Buffer.from([0])])
  const tree = await repo.gitWith(input, 'mktree', '-z')
  const { objects, patches } = await open(t, repo)
  const [entry] = await objects.list(tree)
  t.regex(entry?.path ?? '', /\p{Surrogate}/u)
  const edited = await objects.edit(tree, new Map([['b', bytes('b\n')]]))
  t.deepEqual(
    (await objects.changes(tree, edited)).map((change) => change.path),
    ['b'],
  )
  const removed = await objects.edit(edited, new Map([[entry?.path ?? '', null]]))
  t.deepEqual(
    (await objects.list(removed)).map((each) => each.path),
    ['b'],
  )
  const patch = await objects.patch(removed, edited)
  t.deepEqual(await patches.apply(removed, patch), { ok: true, tree: edited })
})

test('everything works in a sha256 repository', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', 'd/b': 'b\n' }, { format: 'sha256' })
  const { objects, patches, place } = await open(t, repo)
  t.is(place.objectFormat, 'sha256')
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const edited = await objects.edit(tree, new Map([['a', bytes('A\n')]]))
  t.is(edited.length, 64)
  t.is(text(await objects.read(await repo.git('rev-parse', `${edited}:a`))), 'A\n')
  t.deepEqual(await patches.apply(tree, await objects.patch(tree, edited)), { ok: true, tree: edited })
})

test('a damaged object is noticed', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const [blob, other] = [
    await repo.git('rev-parse', 'HEAD:a'),
    await repo.gitWith('b\n', 'hash-object', '-w', '--stdin'),
  ]
  const file = (oid: string) => path.join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2))
  await fs.rm(file(blob))
  await fs.copyFile(file(other), file(blob))
  const { objects } = await open(t, repo)
  await t.throwsAsync(objects.read(blob), { code: 'GIT_FAILED', message: /damaged/ })
})

test('a partial clone contacts nobody for what it lacks', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const blob = await repo.git('rev-parse', 'HEAD:a')
  await repo.git('config', 'uploadpack.allowFilter', 'true')
  await repo.git('clone', '-q', '--no-checkout', '--filter=blob:none', `file://${repo.dir}`, 'part')
  const { objects, snapshots, workspaces } = await open(t, repo, 'part')
  await t.throwsAsync(objects.read(blob), { code: 'OBJECT_MISSING' })
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  await t.throwsAsync(workspaces(path.join(repo.home, 'state')).open(tree), { code: 'OBJECT_MISSING' })
  t.true((await snapshots.take(() => null, new Date(0))).dirty)
  t.false((await repo.git('-C', 'part', 'rev-list', '--objects', '--all', '--missing=print')).indexOf(`?${blob}`) < 0)
})

test('replace refs do not change what is read', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const blob = await repo.git('rev-parse', 'HEAD:a')
  const other = await repo.gitWith('other\n', 'hash-object', '-w', '--stdin')
  await repo.git('replace', blob, other)
  const { objects } = await open(t, repo)
  t.is(text(await objects.read(blob)), 'a\n')
})
