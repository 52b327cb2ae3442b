import test from 'ava'
import { addedLines } from '../../../../src/engine/core/guard/added-lines.ts'

const file = (oid: string) => ({ mode: '100644', oid }) as const
const added = (was: string | null, is: string | null) => {
  const blobs = new Map([was, is].flatMap((text) => (text === null ? [] : [[text, Buffer.from(text)] as const])))
  const change = { path: 'a', before: was === null ? null : file(was), after: is === null ? null : file(is) }
  return Buffer.from(addedLines([change], blobs)).toString()
}

test('added are the lines that a file did not hold before, whatever they begin with', (t) => {
  t.is(added('one\ntwo\n', 'one\n++ b/token\n+++ b/three\n--- four\ntwo\n'), '++ b/token\n+++ b/three\n--- four')
  t.is(added(null, 'all\nof it'), 'all\nof it')
  t.is(added('one\ntwo', 'two\none'), '')
  t.is(added('gone', null), '')
})
