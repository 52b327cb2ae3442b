import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { encodeEnvelope, messageOf } from '../../../src/engine/core/attest/dsse.ts'
import { keyidOf, publicKeyOf, spkiOf } from '../../../src/engine/core/attest/keys.ts'
import { base64, bytesOf, canonical } from '../../../src/engine/core/canonical.ts'
import { PAYLOAD_TYPE, type Statement } from '../../../src/engine/model/statement.ts'
import hmac from '../../../src/engine/signers/hmac-sha256.ts'
import ssh from '../../../src/engine/signers/ssh.ts'
import { ALICE, BOB, type Proof, publicKey, tempProof } from '../../helpers/proof.ts'

const exec = promisify(execFile)
const host = { env: { PATH: process.env['PATH'] }, scratch: '/nonexistent' }

async function verdict(proof: Proof, seeds: readonly string[] = [ALICE], more: Parameters<Proof['verify']>[0] = {}) {
  const key = await Promise.all(seeds.map((seed) => publicKey(proof.repo, seed)))
  const [result] = await proof.verify({ key, ...more })
  return result?.verdict
}

/** A line made by hand: any payload text, signed as it stands. */
async function raw(text: string | Uint8Array, type = PAYLOAD_TYPE): Promise<string> {
  const { default: nacl } = await import('tweetnacl')
  const body = typeof text === 'string' ? bytesOf(text) : text
  const { secretKey } = nacl.sign.keyPair.fromSeed(Uint8Array.from(Buffer.from(ALICE, 'hex')))
  const head = bytesOf(`DSSEv1 ${type.length} ${type} ${body.length} `)
  const sig = nacl.sign.detached(Uint8Array.from([...head, ...body]), secretKey)
  return JSON.stringify({ payload: base64(body), payloadType: type, signatures: [{ keyid: 'x', sig: base64(sig) }] })
}

const altered = (statement: Statement, predicate: object): Statement => ({
  ...statement,
  predicate: { ...statement.predicate, ...predicate },
})

test('a subject that was rewritten under the old signature: UNTRUSTED', async (t) => {
  const proof = await tempProof(t)
  const honest = JSON.parse(await proof.sign(proof.statement('prover', proof.base))) as { signatures: unknown }
  const forged = { ...(JSON.parse(encodeEnvelope(proof.statement(), null)) as object), signatures: honest.signatures }
  await proof.put('attestations', canonical(forged))
  t.is(await verdict(proof), 'UNTRUSTED')
})

test('a statement that an unknown key signed: UNTRUSTED', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement(), BOB))
  t.is(await verdict(proof), 'UNTRUSTED')
})

for (const [what, predicate] of Object.entries({
  'an attempt': { attempts: [] },
  'another patch': { patch: { name: 'final.patch', digest: { sha256: '1'.repeat(64) }, bytes: 1 } },
  'another policy': { policy: { name: 'policy.json', digest: { sha256: '1'.repeat(64) }, source: [] } },
  'another command': { command: [] },
  'more runs': { runs: { reds: 99, greens: 99 } },
})) {
  test(`a trusted statement that says ${what} otherwise than its bundle: TAMPERED`, async (t) => {
    const proof = await tempProof(t)
    await proof.put('attestations', await proof.sign(altered(proof.statement(), predicate)))
    t.is(await verdict(proof), 'TAMPERED')
  })
}

test('a field that nobody here knows is ignored, as in-toto asks', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(altered(proof.statement(), { later: true })))
  t.is(await verdict(proof), 'PROVED')
})

test('signatures taken off: UNSIGNED', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', encodeEnvelope(proof.statement(), null))
  t.is(await verdict(proof), 'UNSIGNED')
})

test('a key id that lies is only a hint', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', (await proof.sign(proof.statement())).replace(/"keyid":"\w+"/, '"keyid":"nobody"'))
  t.is(await verdict(proof), 'PROVED')
})

for (const [what, type, edit] of [
  ['payload type', 'application/json', (text: string) => text],
  [
    'predicate type',
    PAYLOAD_TYPE,
    (text: string) => text.replace(/"predicateType":"[^"]*"/, '"predicateType":"https://in-toto.io/x"'),
  ],
] as const) {
  test(`another ${what}, validly signed, is ignored`, async (t) => {
    const proof = await tempProof(t)
    await proof.put('attestations', await raw(edit(canonical(proof.statement())), type))
    t.is(await verdict(proof), 'UNSIGNED')
    await proof.put('attestations', await proof.sign(proof.statement()))
    t.is(await verdict(proof), 'PROVED')
  })
}

const PAYLOADS: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  'a key twice': (text) => text.replace(/\}$/, ',"_type":"https://in-toto.io/Statement/v1"}'),
  'blanks in it': (text) => text.replace('":', '": '),
  'keys in another order': (text) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse())),
  'another spelling of a number': (text) => text.replace(/"n":1\b/, '"n":1.0'),
  'bytes that are no UTF-8': (text) => Uint8Array.from([...bytesOf(text), 0xff]),
  'no end': (text) => text.slice(0, -1),
}

for (const [what, edit] of Object.entries(PAYLOADS)) {
  test(`a payload with ${what}, validly signed, is MALFORMED, and lowers nothing`, async (t) => {
    const proof = await tempProof(t)
    await proof.put('attestations', await raw(edit(canonical(proof.statement()))))
    t.is(await verdict(proof), 'MALFORMED')
    t.is(await verdict(proof, [ALICE], { allowUnsigned: true }), 'PROVED_UNSIGNED')
    await proof.put('attestations', await proof.sign(proof.statement()))
    t.is(await verdict(proof), 'PROVED')
  })
}

test('an HMAC keyed with what everybody knows of a public key is nobody', async (t) => {
  const proof = await tempProof(t)
  const file = await publicKey(proof.repo)
  const pem = await fs.readFile(file, 'utf8')
  const publicBytes = publicKeyOf({ text: pem, origin: file, file })
  for (const secret of [publicBytes, spkiOf(publicBytes), bytesOf(pem)]) {
    const { createHmac } = await import('node:crypto')
    const mac = createHmac('sha256', secret).update(messageOf(proof.statement())).digest()
    await proof.put('attestations', encodeEnvelope(proof.statement(), { keyid: keyidOf(publicBytes), bytes: mac }))
  }
  t.is(await verdict(proof), 'UNTRUSTED')
})

test('a shared secret is trusted where the verifier says that it is one, and bare bytes are never guessed', async (t) => {
  const proof = await tempProof(t)
  const secret = '5e'.repeat(32)
  const signer = await hmac.signer({ text: secret, origin: 'test', file: null }, host)
  const bytes = await signer.sign(messageOf(proof.statement()))
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

test('one key, as ed25519 and as an SSH key, counts once', async (t) => {
  const proof = await tempProof(t)
  const file = join(proof.repo.home, 'id')
  await exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  const line = (await fs.readFile(`${file}.pub`, 'utf8')).trim()
  const raw32 = Buffer.from(line.split(' ')[1] ?? '', 'base64').subarray(-32)
  const signer = await ssh.signer(
    { text: await fs.readFile(file, 'utf8'), origin: file, file },
    { ...host, scratch: proof.repo.home },
  )
  const bytes = await signer.sign(messageOf(proof.statement()))
  await proof.put('attestations', encodeEnvelope(proof.statement(), { keyid: signer.keyid, bytes }))
  t.is((await proof.verify({ key: [`${file}.pub`] }))[0]?.verdict, 'PROVED')
  t.is(signer.keyid, keyidOf(raw32))
  t.is(
    (await proof.verify({ key: [`${file}.pub`, await publicKey(proof.repo)], threshold: 2 }))[0]?.verdict,
    'UNTRUSTED',
  )
})

test('an old proof is EXPIRED where an age is asked for', async (t) => {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  t.is(await verdict(proof, [ALICE], { maxAgeMs: 86_400_000 }), 'EXPIRED')
})

test('a proof that dates itself into the future is EXPIRED, too', async (t) => {
  const proof = await tempProof(t, { repro: { finishedAt: '2999-01-01T00:00:00.000Z' } })
  t.is(await verdict(proof, [ALICE], { maxAgeMs: 86_400_000, allowUnsigned: true }), 'EXPIRED')
})
