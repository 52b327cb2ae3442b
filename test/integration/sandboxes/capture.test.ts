import { createHash } from 'node:crypto'
import test from 'ava'
import * as fc from 'fast-check'
import { redactor } from '../../../src/engine/core/redact/secret-redactor.ts'
import { captureStream } from '../../../src/engine/sandboxes/lib/capture.ts'
import { hiding, open } from './machine.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a short stream is kept as it is', (t) => {
  const taken = captureStream(open, 100)
  taken.push(Buffer.from('one\n'))
  taken.push(Buffer.from('two\n'))
  const { kept, ...record } = taken.end()
  t.is(text(kept), 'one\ntwo\n')
  t.deepEqual(record, { bytes: 8, sha256: sha256('one\ntwo\n'), truncated: false, redactions: 0 })
})

test('a long stream keeps its first quarter and last three quarters, and says what is missing', (t) => {
  const taken = captureStream(open, 8)
  taken.push(Buffer.from('0123456789'))
  taken.push(Buffer.from('abcdefghij'))
  const { kept, bytes, truncated, sha256: digest } = taken.end()
  t.is(text(kept), '01\n[... 12 bytes cut ...]\nefghij')
  t.is(bytes, 20)
  t.true(truncated)
  t.is(digest, sha256('0123456789abcdefghij'))
})

test('nothing is kept under a limit of nothing', (t) => {
  const taken = captureStream(open, 0)
  taken.push(Buffer.from('abc'))
  t.is(text(taken.end().kept), '\n[... 3 bytes cut ...]\n')
})

test('a secret that falls apart into chunks is hidden, and counted once', (t) => {
  const taken = captureStream(hiding('hunter2'), 1000)
  for (const letter of 'my hunter2 is hunter2.') taken.push(Buffer.from(letter))
  const { kept, redactions } = taken.end()
  t.is(text(kept), 'my [hidden] is [hidden].')
  t.is(redactions, 2)
})

test('secrets at every place of a long stream are hidden', (t) => {
  const secret = 'abcabcabd-secret'
  const stream = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `${secret}${'abc'.repeat(n % 4)}`).join(''))
  const taken = captureStream(hiding(secret), stream.length)
  taken.push(stream)
  const { kept, redactions } = taken.end()
  t.is(redactions, 60_000)
  t.false(text(kept).includes('secret'))
})

test('how a stream falls into chunks changes neither its digest nor what is kept', (t) => {
  const secret = 'ghp_0123456789'
  const stream = Buffer.from(Array.from({ length: 40_000 }, (_, n) => `line ${n} ${n % 7 ? '' : secret}\n`).join(''))
  const whole = hiding(secret).redact(stream).bytes
  const sizes = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1 })
  fc.assert(
    fc.property(sizes, (chunks) => {
      const taken = captureStream(hiding(secret), 5000)
      let at = 0
      for (const size of chunks) {
        taken.push(stream.subarray(at, at + size))
        at += size
      }
      taken.push(stream.subarray(at))
      const { kept, sha256: digest, bytes } = taken.end()
      t.is(digest, sha256(whole))
      t.is(bytes, whole.length)
      t.is(Buffer.compare(kept.subarray(0, 1250), whole.subarray(0, 1250)), 0)
    }),
    { numRuns: 20 },
  )
})

test('a pattern that could end earlier is still seen whole', (t) => {
  const redactor = {
    overlap: 300,
    redact(bytes: Uint8Array) {
      const before = Buffer.from(bytes).toString('latin1')
      let hits = 0
      const after = before.replace(/key-[a-z]{8,}/g, () => `[hidden ${++hits ? '' : ''}]`)
      return { bytes: Buffer.from(after, 'latin1'), hits }
    },
  }
  const key = `key-${'z'.repeat(200)}`
  for (let shift = 0; shift < 260; shift += 13) {
    const taken = captureStream(redactor, 1_000_000)
    taken.push(Buffer.from(' '.repeat(128 * 1024 - shift) + key))
    taken.push(Buffer.from(`${' '.repeat(10_000)}end`))
    const { kept, redactions } = taken.end()
    t.is(redactions, 1)
    t.false(text(kept).includes('zz'))
  }
})

test('values and private keys that lie across a cut of the stream leave nothing', (t) => {
  const value = 'correct-horse/battery'
  const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'
  const key = `-----BEGIN PRIVATE KEY-----\n${`${body}\n`.repeat(20)}-----END PRIVATE KEY-----\n`
  const wrapped = Buffer.from(`password: ${value}`).toString('base64').replace(/.{9}/g, '$&\n')
  const secrets = redactor({ secrets: [{ name: 'TOKEN', value }] })
  const forms = { value, key, wrapped }
  for (const [name, form] of Object.entries(forms))
    for (let shift = 0; shift <= form.length; shift += 7) {
      const taken = captureStream(secrets, 1 << 20)
      taken.push(Buffer.from(`${' '.repeat(256 * 1024 - shift)}${form}`))
      taken.push(Buffer.from('.'.repeat(20_000)))
      const { kept, redactions } = taken.end()
      t.true(redactions > 0, `${name} ${shift}`)
      const hidden = name === 'key' ? body : name === 'value' ? 'horse' : form.slice(20, 29)
      t.false(text(kept).includes(hidden), `${name} ${shift}`)
    }
})
