import test from 'ava'
import { type FileChange, printPatch } from '../../../../src/engine/core/patch/print.ts'
import { diffStat } from '../../../../src/engine/core/patch/stat.ts'
import { parsePatch } from '../../../helpers/parse-patch.ts'
import { type Files, tempRepo } from '../../../helpers/repo.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const change = (path: string, before: string | null, after: string | null): FileChange => ({
  path,
  before: before === null ? null : bytes(before),
  after: after === null ? null : bytes(after),
})

function printed(...changes: FileChange[]): string {
  const patch = printPatch(changes)
  if (!patch.ok) throw new Error(patch.reason)
  return Buffer.from(patch.patch).toString('latin1')
}

test('a change is printed with three lines of context and right counts', (t) => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n'
  t.is(
    printed(change('x.txt', before, before.replace('e', 'E'))),
    'diff --git a/x.txt b/x.txt\n--- a/x.txt\n+++ b/x.txt\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
  )
})

test('a missing final newline is marked on either side', (t) => {
  t.is(
    printed(change('x', 'a\nb', 'a\nb\n')),
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n',
  )
})

test('odd paths are quoted as git quotes them', (t) => {
  t.true(
    printed(change('é"\n.txt', null, 'x\n')).startsWith(
      'diff --git "a/\\303\\251\\"\\n.txt" "b/\\303\\251\\"\\n.txt"\n',
    ),
  )
})

test('files are sorted by path, unchanged ones left out', (t) => {
  const text = printed(change('b', 'x\n', 'y\n'), change('same', 'x\n', 'x\n'), change('a', 'x\n', 'y\n'))
  t.deepEqual(text.match(/^\+\+\+ .*$/gm), ['+++ b/a', '+++ b/b'])
})

test('a binary content is refused by name', (t) => {
  t.deepEqual(printPatch([change('logo.png', 'a', 'a\0b')]), { ok: false, reason: 'binary', path: 'logo.png' })
})

test('stat counts files, insertions and deletions', (t) => {
  const changes = [change('a', 'x\ny\n', 'x\nz\nw\n'), change('new', null, '1\n'), change('same', 'x', 'x')]
  t.deepEqual(diffStat(changes), { files: 2, insertions: 3, deletions: 1 })
})

test('a patch with a wrong count is malformed, with its line', (t) => {
  const patch = bytes('diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\n')
  t.deepEqual(parsePatch(patch), { ok: false, line: 7, message: 'the hunk has fewer lines than its header says' })
})

test('a patch of git itself is read with its section lines', (t) => {
  const patch = bytes(
    'diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n@@ -5 +5 @@ def f():\n-a\n+b\n',
  )
  const parsed = parsePatch(patch)
  t.true(parsed.ok && parsed.files[0]?.hunks[0]?.section === 'def f():')
})

test('git applies what is printed, byte for byte', async (t) => {
  const before: Record<string, Uint8Array> = {
    'crlf.txt': bytes('a\r\nb\r\nc\n'),
    'bom.txt': bytes('\uFEFFa\nb\n'),
    'latin.txt': latin('caf\xe9\nx\n'),
    'bare.txt': bytes('a\nb'),
    'with blank.txt': bytes('1\n'),
    'é.txt': bytes('1\n'),
    'gone.txt': bytes('bye\n'),
    'empty-gone.txt': bytes(''),
    'long.txt': bytes(Array.from({ length: 60 }, (_, n) => `${n}\n`).join('')),
  }
  const after: Record<string, Uint8Array | null> = {
    'crlf.txt': bytes('a\r\nB\r\nc\n'),
    'bom.txt': bytes('\uFEFFA\nb\n'),
    'latin.txt': latin('caf\xe9\n\xfc\n'),
    'bare.txt': bytes('a\nc'),
    'with blank.txt': bytes('2\n'),
    'é.txt': bytes(''),
    'gone.txt': null,
    'empty-gone.txt': null,
    'long.txt': bytes(Array.from({ length: 60 }, (_, n) => (n % 9 === 4 ? `new ${n}\n` : `${n}\n`)).join('')),
    'sub/new.txt': bytes('hello'),
    'empty-new.txt': bytes(''),
  }
  const repo = await tempRepo(t, before as Files)
  const paths = Object.keys(after)
  const patch = printPatch(paths.map((path) => ({ path, before: before[path] ?? null, after: after[path] ?? null })))
  if (!patch.ok) throw new Error(patch.reason)
  await repo.gitWith(patch.patch, 'apply', '--index', '--whitespace=nowarn', '-')
  const listed = (await repo.git('-c', 'core.quotePath=false', 'ls-files')).split('\n').sort()
  t.deepEqual(listed, paths.filter((path) => after[path] !== null).sort())
  for (const path of listed) {
    const oid = await repo.git('rev-parse', `:${path}`)
    t.is(oid, await repo.gitWith(after[path] ?? '', 'hash-object', '--stdin', '--no-filters'), path)
  }
})
