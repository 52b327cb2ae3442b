import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { encodeEnvelope, signedMessageOf } from '../../../../src/engine/core/attest/dsse.ts'
import hmac from '../../../../src/engine/signers/hmac-sha256.ts'
import { altered } from '../../../helpers/forgeries/lines.ts'
import { ALICE, BOB, type Proof, publicKey, tempProof } from '../../../helpers/proof.ts'

const host = { env: { PATH: process.env['PATH'] }, scratch: '/nonexistent' }

async function verdict(proof: Proof, seeds: readonly string[] = [ALICE], more: Parameters<Proof['verify']>[0] = {}) {
  const key = await Promise.all(seeds.map((seed) => publicKey(proof.repo, seed)))
  const [result] = await proof.verify({ key, ...more })
  return result?.verdict
}

test('a field that nobody here knows is ignored, as in-toto asks', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(altered(proof.statement(), { later: true })))
  t.is(await verdict(proof), 'PROVED')
})

test('an attestation that cannot be read counts for nothing where none is asked for', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', 'nothing')
  t.is(await verdict(proof, [ALICE], { allowUnsigned: true }), 'PROVED_UNSIGNED')
})

test('a shared secret is trusted where the verifier says that it is one, and bare bytes are never guessed', async (t) => {
  const proof = await tempProof(t)
  const secret = '5e'.repeat(32)
  const signer = await hmac.signer({ text: secret, origin: 'test', file: null }, host)
  const bytes = await signer.sign(signedMessageOf(proof.statement()))
  await proof.put('attestations', encodeEnvelope(proof.statement(), { keyid: signer.keyid, bytes }))
  const file = join(proof.repo.home, 'secret')
  await fs.writeFile(file, secret)
  t.is((await proof.verify({ key: [file], mode: 'hmac-sha256' }))[0]?.verdict, 'PROVED')
  t.is((await proof.verify({ key: [file], mode: 'ed25519' }))[0]?.verdict, 'UNTRUSTED')
  await t.throwsAsync(proof.verify({ key: [file] }), {
    code: 'USAGE',
    message: /may be a public key or a shared secret/,
  })
  t.is((await proof.verify({ key: [file], mode: 'hmac-sha256', threshold: 2 }))[0]?.verdict, 'UNTRUSTED')
})

test('a threshold counts different public keys', async (t) => {
  const proof = await tempProof(t)
  const line = await proof.sign(proof.statement())
  await proof.put('attestations', line)
  await proof.put('attestations', await proof.sign(proof.statement('endorser')))
  await proof.put('attestations', line.replaceAll('=', '').replace('"payload"', ' "payload"'))
  t.is(await verdict(proof, [ALICE, BOB], { threshold: 2 }), 'UNTRUSTED')
  await proof.put('attestations', await proof.sign(proof.statement('endorser'), BOB))
  t.is(await verdict(proof, [ALICE, BOB], { threshold: 2 }), 'PROVED')
})
