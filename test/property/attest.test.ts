import * as fs from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import * as fc from 'fast-check'
import { encodeEnvelope, openEnvelope, signedMessageOf } from '../../src/engine/core/attest/dsse.ts'
import { bundleVersionOf, decodeBundleLine, encodeBundleLine } from '../../src/engine/core/bundle/bundle.ts'
import { canonicalJson } from '../../src/engine/core/bytes/canonical.ts'
import { checkProof } from '../../src/engine/flows/verify/check-proof.ts'
import type { VerifierPorts } from '../../src/engine/flows/verify/proof-case.ts'
import { STATUS_OF_WORD } from '../../src/engine/model/verification.ts'
import { inflate } from '../../src/engine/portable/inflate.ts'
import type { Files } from '../../src/engine/portable/limited-reader.ts'
import { openPortable } from '../../src/engine/portable/repository.ts'
import { verifierOf } from '../../src/engine/portable/verifiers.ts'
import ed25519 from '../../src/engine/signers/ed25519.ts'
import { ALICE, type Proof, tempProof } from '../helpers/proof.ts'
import { open } from '../unit/git/open.ts'

const host = { env: {}, scratch: '/nonexistent', revoked: null }
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** `bytes` with one bit turned; `at` runs over all bits again and again. */
function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const byte = Math.floor(at / 8) % copy.length
  copy[byte] = (copy[byte] ?? 0) ^ (1 << (at % 8))
  return copy
}

test('no flipped bit of payload or signature verifies', async (t) => {
  const { statement } = await tempProof(t)
  const signer = await ed25519.signer({ text: ALICE, origin: 'test', file: null }, host)
  const { default: nacl } = await import('tweetnacl')
  const { publicKey } = nacl.sign.keyPair.fromSeed(Uint8Array.from(Buffer.from(ALICE, 'hex')))
  const verifier = await ed25519.verifier({ mode: 'ed25519', name: 'alice', text: hexOf(publicKey) }, host)
  const message = signedMessageOf(statement())
  const signature = await signer.sign(message)
  t.truthy(await verifier.check(message, signature))
  const flipped = fc.asyncProperty(fc.nat({ max: message.length * 8 - 1 }), fc.nat({ max: 511 }), async (m, s) => {
    const bent = await verifier.check(flip(message, m), signature)
    return bent === null && (await verifier.check(message, flip(signature, s))) === null
  })
  await fc.assert(flipped, { numRuns: 60 })
  t.pass()
})

test('no flipped bit of an envelope line gives another believed statement', async (t) => {
  const { statement, sign } = await tempProof(t)
  const line = await sign(statement())
  const bytes = Buffer.from(line)
  const { default: nacl } = await import('tweetnacl')
  const { publicKey } = nacl.sign.keyPair.fromSeed(Uint8Array.from(Buffer.from(ALICE, 'hex')))
  const verifier = await ed25519.verifier({ mode: 'ed25519', name: 'alice', text: hexOf(publicKey) }, host)
  const property = fc.asyncProperty(fc.nat({ max: bytes.length * 8 - 1 }), async (at) => {
    const opened = openEnvelope(Buffer.from(flip(bytes, at)).toString())
    if (opened.is !== 'statement' || opened.signature === null) return true
    const by = await verifier.check(opened.message, opened.signature)
    // Only what nothing rests on may change: the key id, names of unknown fields.
    return by === null || canonicalJson(opened.statement) === canonicalJson(statement())
  })
  await fc.assert(property, { numRuns: 300 })
  t.pass()
})

test('no flipped bit of a bundle line is read as another bundle of the same digest', async (t) => {
  const { bundle } = await tempProof(t)
  const line = Buffer.from(encodeBundleLine(bundle))
  const same = (one: typeof bundle) => encodeBundleLine(one) === encodeBundleLine(bundle)
  const property = fc.property(fc.nat({ max: line.length * 8 - 1 }), (at) => {
    try {
      const read = decodeBundleLine(Buffer.from(flip(line, at)).toString())
      // A verifier refuses a bundle of another version than its record.
      return read.digest !== bundle.digest || same(read) || bundleVersionOf(read.files) !== read.v
    } catch {
      return true
    }
  })
  fc.assert(property, { numRuns: 500 })
  t.pass()
})

/** What both verifiers read with: the command's adapters and the portable ones, over the same repository. */
async function desks(t: ExecutionContext, { repo }: Proof): Promise<readonly VerifierPorts[]> {
  const { default: nacl } = await import('tweetnacl')
  const { publicKey } = nacl.sign.keyPair.fromSeed(Uint8Array.from(Buffer.from(ALICE, 'hex')))
  const trust = { mode: 'ed25519', name: 'alice', text: hexOf(publicKey) } as const
  const { history, rehashed, notes, refs, patches, objects } = await open(t, repo)
  const common = { history, notes, refs, patches, inflate, patch: objects.patch }
  const portable = await openPortable(fs as unknown as Files, { dir: repo.dir })
  return [
    { ...common, objects: rehashed, verifiers: [await ed25519.verifier(trust, host)] },
    { ...portable, inflate, verifiers: [await verifierOf(trust, { now: new Date(), revoked: null })] },
  ]
}

const RULES = { now: new Date(), trust: { threshold: 1, allowUnsigned: false }, allowWeak: true, exact: false }

test('no flipped bit of a bundle, a payload or a signature is PROVED, by either verifier', async (t) => {
  const proof = await tempProof(t, { kind: 'prove' })
  const bundle = Buffer.from(encodeBundleLine(proof.bundle))
  const envelope = await proof.sign(proof.statement())
  const { payload, signatures, ...rest } = JSON.parse(envelope) as {
    payload: string
    signatures: [{ sig: string }]
    payloadType: string
  }
  const bent = (text: string, at: number) => Buffer.from(flip(Buffer.from(text, 'base64'), at)).toString('base64')
  const rules = { ...RULES, maxAgeMs: null, gate: null }
  for (const ports of await desks(t, proof)) {
    const commit = await ports.objects.commit(proof.commit)
    const verdict = async (line: string, lines: string) =>
      (await checkProof({ line }, commit, [lines], ports, rules)).found.verdict
    t.is(await verdict(bundle.toString(), envelope), 'PROVED')
    const property = fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), async (b, p, s) => {
      const words = [
        await verdict(Buffer.from(flip(bundle, b)).toString(), envelope),
        await verdict(bundle.toString(), JSON.stringify({ ...rest, payload: bent(payload, p), signatures })),
        await verdict(
          bundle.toString(),
          JSON.stringify({ ...rest, payload, signatures: [{ sig: bent(signatures[0].sig, s) }] }),
        ),
      ]
      return words.every((word) => STATUS_OF_WORD[word] !== 0)
    })
    await fc.assert(property, { numRuns: 60 })
  }
})

test('an envelope comes back from its line as it was, whatever its statement says', async (t) => {
  const { statement } = await tempProof(t)
  const property = fc.property(fc.jsonValue({ depthSize: 'small' }), (extra) => {
    const said = { ...statement(), predicate: { ...statement().predicate, later: extra } }
    const opened = openEnvelope(encodeEnvelope(said, null))
    return opened.is === 'statement' && canonicalJson(opened.statement) === canonicalJson(said)
  })
  fc.assert(property, { numRuns: 100 })
  t.pass()
})
