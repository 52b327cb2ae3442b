import test from 'ava'
import { ed25519Spki } from '../../../src/engine/core/keys/keys.ts'
import hmac from '../../../src/engine/signers/hmac-sha256.ts'
import { hex, host, openssl, put, source } from './keys.ts'

/** RFC 4231, sections 4.7 and 4.8: those whose key is long enough for us. */
const KEY = 'aa'.repeat(131)
const VECTORS = [
  [
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
] as const

for (const [message, digest] of VECTORS) {
  test(`RFC 4231: ${message.slice(0, 40)}`, async (t) => {
    const signer = await hmac.signer(source(KEY), await host(t))
    t.is(Buffer.from(await signer.sign(Buffer.from(message))).toString('hex'), digest)
    const verifier = await hmac.verifier({ mode: 'hmac-sha256', name: 'ci', text: KEY }, await host(t))
    t.deepEqual(await verifier.check(Buffer.from(message), hex(digest)), {
      mode: 'hmac-sha256',
      key: null,
      fingerprint: null,
      name: 'ci',
    })
    t.is(await verifier.check(Buffer.from(`${message} `), hex(digest)), null)
    t.is(await verifier.check(Buffer.from(message), hex(digest).subarray(0, 31)), null)
  })
}

test('openssl comes to the same', async (t) => {
  const own = await host(t)
  const file = await put(own, 'message', VECTORS[0][0])
  const said = await openssl('dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${KEY}`, file)
  t.true(said.includes(VECTORS[0][1]), said)
})

test('hex and base64 are the same secret', async (t) => {
  const own = await host(t)
  const one = await hmac.signer(source('0f'.repeat(32)), own)
  const two = await hmac.signer(source(Buffer.from('0f'.repeat(32), 'hex').toString('base64')), own)
  t.is(one.keyid, two.keyid)
})

for (const [what, text, says] of [
  ['a short secret', 'aa'.repeat(31), /holds 31 bytes in hex, but this needs a secret of at least 32 bytes/],
  ['a pass phrase', 'correct horse battery staple', /neither PEM, hex nor base64/],
  ['nothing', ' \n', /holds empty/],
  ['a public key', Buffer.from(ed25519Spki(new Uint8Array(32))).toString('base64'), /an ed25519 public key/],
  ['an SSH key', `ssh-ed25519 ${'A'.repeat(68)} me`, /an SSH public key/],
] as const) {
  test(`${what} is no secret, and the message says what it is`, async (t) => {
    await t.throwsAsync(hmac.signer(source(text), await host(t)), { message: says })
  })
}
