import test from 'ava'
import nacl from 'tweetnacl'
import { ed25519KeyId } from '../../../src/engine/core/keys/keys.ts'
import ed25519 from '../../../src/engine/signers/ed25519.ts'
import { needing } from '../../helpers/needs.ts'
import { hex, host, openssl, pemOf, put, source } from '../../unit/signers/keys.ts'

/** RFC 8032, section 7.1: secret key, public key, message, signature. */
const VECTORS = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const

/** The order of the group, RFC 8032 section 5.1. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

const verifierOf = async (t: Parameters<typeof host>[0], publicKey: string) =>
  ed25519.verifier({ mode: 'ed25519', name: 'alice', text: publicKey }, await host(t))

for (const [at, [seed, publicKey, message, signature]] of VECTORS.entries()) {
  test(`test ${at + 1} of RFC 8032 is signed and verified as printed there`, async (t) => {
    const signer = await ed25519.signer(source(seed), await host(t))
    t.is(Buffer.from(await signer.sign(hex(message))).toString('hex'), signature)
    const by = await (await verifierOf(t, publicKey)).check(hex(message), hex(signature))
    t.deepEqual(by, {
      mode: 'ed25519',
      key: ed25519KeyId(hex(publicKey)),
      fingerprint: ed25519KeyId(hex(publicKey)),
      name: 'alice',
    })
  })

  test(`test ${at + 1} of RFC 8032 with S + L, which tweetnacl takes, is refused`, async (t) => {
    const bytes = Buffer.from(signature, 'hex')
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + L
    const malleable = Buffer.concat([
      bytes.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(),
    ])
    t.true(nacl.sign.detached.verify(hex(message), Uint8Array.from(malleable), hex(publicKey)))
    t.is(await (await verifierOf(t, publicKey)).check(hex(message), malleable), null)
  })
}

test('another message, another key and a signature of another length are refused', async (t) => {
  const [[, publicKey, message, signature], [, other]] = VECTORS
  const verifier = await verifierOf(t, publicKey)
  t.is(await verifier.check(hex(`${message}00`), hex(signature)), null)
  t.is(await (await verifierOf(t, other)).check(hex(message), hex(signature)), null)
  t.is(await verifier.check(hex(message), hex(signature).subarray(0, 63)), null)
  t.is(await verifier.check(hex(message), new Uint8Array()), null)
})

needing('openssl')('openssl verifies what we sign, and not one byte more', async (t) => {
  const own = await host(t)
  const { privateKey, publicKey } = pemOf(VECTORS[1][0])
  const signer = await ed25519.signer(source(privateKey), own)
  const key = await put(own, 'key.pem', publicKey)
  const sig = await put(own, 'sig', await signer.sign(Buffer.from('a message')))
  const verify = (file: string) =>
    openssl('pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', file, '-sigfile', sig)
  t.regex(await verify(await put(own, 'message', 'a message')), /Verified Successfully/)
  await t.throwsAsync(verify(await put(own, 'longer', 'a message.')))
})

needing('openssl')('openssl calls the same key by the same id', async (t) => {
  const own = await host(t)
  const { privateKey } = pemOf(VECTORS[0][0])
  const der = await put(own, 'key.pem', privateKey)
  await openssl('pkey', '-in', der, '-pubout', '-outform', 'DER', '-out', `${der}.der`)
  const said = await openssl('dgst', '-sha256', `${der}.der`)
  t.true(said.trim().endsWith((await ed25519.signer(source(privateKey), own)).keyid), said)
})

needing('openssl')('a key made by openssl signs', async (t) => {
  const own = await host(t)
  const text = await openssl('genpkey', '-algorithm', 'ed25519')
  const signer = await ed25519.signer(source(text), own)
  t.is((await signer.sign(new Uint8Array(10))).length, 64)
  t.regex(signer.keyid, /^[0-9a-f]{64}$/)
})
