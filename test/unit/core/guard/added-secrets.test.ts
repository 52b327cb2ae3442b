import test from 'ava'
import { addedSecrets } from '../../../../src/engine/core/guard/added-secrets.ts'
import { redactor } from '../../../../src/engine/core/redact/index.ts'

const VALUE = 'Canary-hunter2_Kp9xWv4T'
const FORM = `ghp_${'Zx8Qw2Lk5Vn9Rt3Yb7Mc1Pd4Sf6Gh0'.padEnd(36, 'a')}`
const known = redactor({ secrets: [{ name: 'DB_PASSWORD', value: VALUE }] })

type Sides = readonly [path: string, before: string | Uint8Array | null, after: string | Uint8Array | null]

/** The secrets that these changes add: `DB_PASSWORD in a.py`. */
function added(...files: readonly Sides[]): readonly string[] {
  const blobs = new Map<string, Uint8Array>()
  const side = (name: string, content: string | Uint8Array | null) => {
    if (content === null) return null
    blobs.set(name, Buffer.from(content as string))
    return { mode: '100644', oid: name } as const
  }
  const changes = files.map(([path, before, after]) => ({
    path,
    before: side(`${path} before`, before),
    after: side(`${path} after`, after),
  }))
  return addedSecrets(changes, blobs, known).map(({ path, found }) => `${found.name} in ${path ?? 'a name'}`)
}

test('a value is found in every byte that a change adds, whatever its line begins with', (t) => {
  for (const text of [
    VALUE,
    `++ ${VALUE}`,
    `++++ b/${VALUE}`,
    `--- ${VALUE}`,
    `@@ ${VALUE}`,
    `\\ ${VALUE}`,
    `diff ${VALUE}`,
  ])
    t.deepEqual(added(['a.py', 'one\n', `one\n${text}\n`]), ['DB_PASSWORD in a.py'], text)
  t.deepEqual(added(['a.py', 'one\n', `one\n++ ${FORM}\n`]), ['github-token in a.py'])
})

test('a value is found in base64, hex, UTF-16 and binary files, and across a wrapped line', (t) => {
  const base64 = Buffer.from(`x${VALUE}`).toString('base64')
  const forms = [
    base64,
    `${base64.slice(0, 14)}\n    ${base64.slice(14)}`,
    `${VALUE.slice(0, 9)}\n  ${VALUE.slice(9)}`,
    Buffer.from(VALUE).toString('hex'),
    encodeURIComponent(`${VALUE}%`),
    Buffer.from(`${VALUE}\0`, 'utf16le'),
    Buffer.from(`${VALUE}\0`, 'utf16le').swap16(),
    Buffer.concat([Buffer.from([0, 1, 2, 255]), Buffer.from(VALUE), Buffer.from([0])]),
  ]
  for (const form of forms) t.deepEqual(added(['a.bin', null, form]), ['DB_PASSWORD in a.bin'], String(form))
})

test('a value is found in the name of an added and of a renamed file, and the name is not repeated', (t) => {
  t.deepEqual(added([`conf/${VALUE}.txt`, null, 'x']), ['DB_PASSWORD in a name'])
  t.deepEqual(added(['plain.txt', 'x', null], [`${VALUE}/plain.txt`, null, 'x']), ['DB_PASSWORD in a name'])
  t.deepEqual(added([`${Buffer.from(VALUE).toString('hex')}.txt`, null, 'x']), ['DB_PASSWORD in a name'])
})

test('what only moves, stays or goes is not added', (t) => {
  t.deepEqual(added(['a.py', VALUE, null], ['b.py', null, `${VALUE}\n`]), [])
  t.deepEqual(added(['a.py', `x${VALUE}\n`, `y\nx${VALUE}\n`]), [])
  t.deepEqual(added(['a.py', VALUE, 'gone']), [])
  t.deepEqual(added(['a.py', FORM, `more\n${FORM}`]), [])
})

test('one more place than before is added', (t) => {
  t.deepEqual(added(['a.py', VALUE, `${VALUE}\nthen ${VALUE}`]), ['DB_PASSWORD in a.py'])
  t.deepEqual(added(['a.py', VALUE, null], ['b.py', null, VALUE], ['c.py', null, VALUE]), ['DB_PASSWORD in c.py'])
})

test('a value that is split by other text, or compressed, is out of reach', (t) => {
  t.deepEqual(added(['a.py', null, `"${VALUE.slice(0, 9)}" + "${VALUE.slice(9)}"`]), [])
})
