import test from 'ava'
import {
  checkedBundle,
  decodeBundleLine,
  encodeBundleLine,
  LINE_LIMIT,
  sealBundle,
  shortenStream,
} from '../../../../src/engine/core/bundle/bundle.ts'
import { utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import { parseJson } from '../../../../src/engine/core/bytes/json.ts'

const files = () =>
  new Map([
    ['repro.json', utf8Bytes('{"v":1}\n')],
    ['attempts/1/unit/stdout', new Uint8Array([0xff, 0xfe, 0])],
  ])

test('a bundle comes back from its line as it was', (t) => {
  const bundle = sealBundle(files())
  const back = decodeBundleLine(encodeBundleLine(bundle))
  t.deepEqual([...back.files].sort(), [...bundle.files].sort())
  t.is(back.digest, bundle.digest)
})

test('the manifest is sorted by path and lists every file once', (t) => {
  t.deepEqual(
    sealBundle(files()).manifest.map(({ path }) => path),
    ['attempts/1/unit/stdout', 'repro.json'],
  )
})

test('any changed byte of a file is noticed', (t) => {
  const line = encodeBundleLine(sealBundle(files())).replace('{\\"v\\":1}', '{\\"v\\":2}')
  t.throws(() => decodeBundleLine(line), {
    message: 'the file repro.json of the bundle does not have the digest that the manifest lists',
  })
})

test('a file that the manifest does not list is noticed', (t) => {
  const { manifest } = sealBundle(files())
  t.throws(() => checkedBundle({ v: 2, files: new Map([...files(), ['more', utf8Bytes('x')]]), manifest }), {
    message: /does not list/,
  })
})

test('a file that is gone is noticed', (t) => {
  const { manifest } = sealBundle(files())
  t.throws(() => checkedBundle({ v: 2, files: new Map([...files()].slice(1)), manifest }), {
    message: /repro.json, which the manifest lists, is missing/,
  })
})

test('a path that leads out of the bundle is refused', (t) => {
  for (const path of ['../x', 'a/../../x', '/etc/passwd', 'a//b', 'a\\b', '.', 'a/./b']) {
    const bundle = sealBundle(new Map([[path, utf8Bytes('x')]]))
    t.throws(() => checkedBundle(bundle), { message: /unsafe path/ }, path)
  }
})

test('output is cut until the line fits, and the manifest says so', (t) => {
  const noise = new Uint8Array(4 << 20).fill(1)
  const bundle = sealBundle(
    new Map([
      ['a/stdout', noise],
      ['b/stderr', noise],
      ['repro.json', utf8Bytes('{}')],
    ]),
  )
  t.true(encodeBundleLine(bundle).length <= LINE_LIMIT)
  t.is(bundle.manifest[0]?.truncated?.bytes, noise.length)
  t.is(bundle.manifest[2]?.truncated, undefined)
})

test('a bundle of a newer format says that a newer git-pp reads it', (t) => {
  t.throws(() => decodeBundleLine('{"files":{},"manifest":[],"v":5}'), { message: /format 5/ })
})

test('JSON that nests deeper than 32 levels is not read', (t) => {
  t.is(parseJson('['.repeat(33) + ']'.repeat(33)), null)
  t.deepEqual(parseJson('{"a":"[[["}'), { a: '[[[' })
})

test('a long stream is cut before it goes into the record, and comes out as if it had been whole', (t) => {
  const lines = Array.from({ length: 40_000 }, (_, n) => `line ${n}\n`).join('')
  const whole = utf8Bytes(lines)
  for (const streams of [1, 40]) {
    const pathsOf = (part: Uint8Array | ReturnType<typeof shortenStream>) =>
      new Map(Array.from({ length: streams }, (_, n) => [`attempts/${n}/stdout`, part]))
    t.is(sealBundle(pathsOf(shortenStream(whole))).digest, sealBundle(pathsOf(whole)).digest)
  }
})

test('JSON is read however long one string of it is, and never deeper than 32 levels', (t) => {
  const long = 'x'.repeat(9 << 20)
  t.is(parseJson(`"${long}"`), long)
  t.deepEqual(parseJson('{"a":"[[[\\"{{"}'), { a: '[[["{{' })
  t.is(parseJson('['.repeat(33) + ']'.repeat(33)), null)
  t.truthy(parseJson('['.repeat(32) + ']'.repeat(32)))
})
