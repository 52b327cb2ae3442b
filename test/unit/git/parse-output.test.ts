import test from 'ava'
import * as fc from 'fast-check'
import { pathOf } from '../../../src/engine/core/gitobject/path-bytes.ts'
import { nulEnded, parseRaw, parseStatus, parseTree, sizeOfTree } from '../../../src/engine/git/parse-output.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const NONE = '0'.repeat(40)

test('any bytes of a path survive the way to a string and back', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      t.deepEqual(new Uint8Array(nulEnded([pathOf(bytes)])), Uint8Array.from([...bytes, 0]))
    }),
  )
  t.is(pathOf(Buffer.from('grün/\u{1f600}')), 'grün/\u{1f600}')
})

test('a tree listing with tabs, newlines and odd bytes in paths', (t) => {
  const output = Buffer.concat([
    Buffer.from(`100644 blob ${A}\ta\tb\nc\0`),
    Buffer.from(`160000 commit ${B}\t`),
    Buffer.from([0xff, 0]),
  ])
  t.deepEqual(parseTree(output), [
    { path: 'a\tb\nc', mode: '100644', oid: A },
    { path: '\udcff', mode: '160000', oid: B },
  ])
  t.deepEqual(parseTree(Buffer.alloc(0)), [])
})

test('a raw diff: modified, added, removed, another kind', (t) => {
  const rows = [
    `:100644 100755 ${A} ${B} M\0m\0`,
    `:000000 100644 ${NONE} ${A} A\0new file\0`,
    `:100644 000000 ${A} ${NONE} D\0gone\0`,
    `:100644 120000 ${A} ${B} T\0link\0`,
  ]
  t.deepEqual(parseRaw(Buffer.from(rows.join(''))), [
    { path: 'm', before: { mode: '100644', oid: A }, after: { mode: '100755', oid: B } },
    { path: 'new file', before: null, after: { mode: '100644', oid: A } },
    { path: 'gone', before: { mode: '100644', oid: A }, after: null },
    { path: 'link', before: { mode: '100644', oid: A }, after: { mode: '120000', oid: B } },
  ])
})

test('a mode that git does not know is refused', (t) => {
  t.throws(() => parseTree(Buffer.from(`100600 blob ${A}\ta\0`)), { code: 'GIT_FAILED' })
})

const FILE = { mode: '100644', oid: A }
const LINK = { mode: '160000', oid: A }

test('a status: tracked, untracked, unmerged, submodule; spaces stay in paths', (t) => {
  const rows = [
    `1 .M N... 100644 100644 100644 ${A} ${A} a  b\0`,
    `1 A. N... 000000 100644 100644 ${NONE} ${A} staged\0`,
    `1 .M SC.. 160000 160000 160000 ${A} ${A} sub\0`,
    `u UU N... 100644 100644 100644 100644 ${A} ${A} ${B} both sides\0`,
    '? new file\0',
    '# branch.oid x\0',
  ]
  t.deepEqual(parseStatus(Buffer.from(rows.join(''))), [
    { is: 'tracked', path: 'a  b', worktree: 'M', submodule: false, head: FILE, index: FILE },
    { is: 'tracked', path: 'staged', worktree: '.', submodule: false, head: null, index: FILE },
    { is: 'tracked', path: 'sub', worktree: 'M', submodule: true, head: LINK, index: LINK },
    { is: 'unmerged', path: 'both sides' },
    { is: 'untracked', path: 'new file' },
  ])
})

test('the size of a tree counts blobs and no submodules, whatever their paths hold', (t) => {
  const id = '0'.repeat(40)
  const rows = [
    `100644 blob ${id}      12\ta\n 9\t.txt`,
    `160000 commit ${id}       -\tsub`,
    `100755 blob ${id} 1234567\tb`,
  ]
  t.is(sizeOfTree(Buffer.from(rows.map((row) => `${row}\0`).join(''))), 1_234_579)
  t.is(sizeOfTree(new Uint8Array()), 0)
})

test('many paths with and without odd bytes are written with a NUL after each', (t) => {
  t.is(nulEnded(['a', 'ä/b']).toString(), 'a\0ä/b\0')
  t.deepEqual([...nulEnded(['a', '\udcff'])], [97, 0, 255, 0])
  t.is(nulEnded([]).length, 0)
})
