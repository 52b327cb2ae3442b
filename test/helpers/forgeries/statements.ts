import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { encodeEnvelope } from '../../../src/engine/core/attest/dsse.ts'
import { canonicalJson } from '../../../src/engine/core/bytes/canonical.ts'
import { PAYLOAD_TYPE } from '../../../src/engine/model/statement.ts'
import { ALICE, BOB, tempProof } from '../proof.ts'
import { attested, bent, type Forgery, type Group, trusting } from './case.ts'
import { allowing, altered, macOf, malleable, publicSecrets, raw, sshKey, sshSigned, transplanted } from './lines.ts'

const said = (what: string, predicate: object): Forgery => ({
  attack: `a trusted signer says ${what} otherwise than the bundle`,
  verdict: 'TAMPERED',
  lay: attested(async (proof) => [await proof.sign(altered(proof.statement(), predicate))]),
})

/** `edit` of the canonical payload, signed by somebody who is trusted. */
const payload = (what: string, edit: (text: string) => string | Uint8Array): Forgery => ({
  attack: `a payload with ${what}, validly signed`,
  verdict: 'MALFORMED',
  lay: attested(async (proof) => [raw(edit(canonicalJson(proof.statement())))]),
})

/** An honest signature in another spelling. */
const signatureSpelled = (how: string, verdict: Forgery['verdict'], spell: (sig: string) => string): Forgery => ({
  attack: `a signature ${how}`,
  verdict,
  lay: attested(async (proof) => {
    const envelope = JSON.parse(await proof.sign(proof.statement())) as { signatures: { sig: string }[] }
    return [
      canonicalJson({ ...envelope, signatures: envelope.signatures.map((one) => ({ ...one, sig: spell(one.sig) })) }),
    ]
  }),
})

const SECRET = '5e'.repeat(32)
const digest = { sha256: '1'.repeat(64) }

/** What stands in a line of attestations. */
/** The seed in an OpenSSH private key without a passphrase: it stands before the last copy of the public half. */
async function seedOf(file: string, publicKey: Uint8Array): Promise<string> {
  const [, body = ''] = /KEY-----\n([\s\S]*?)-----END/.exec(await fs.readFile(file, 'utf8')) ?? []
  const bytes = Buffer.from(body, 'base64')
  const at = bytes.lastIndexOf(publicKey)
  return bytes.subarray(at - 32, at).toString('hex')
}

export const statements: Group = {
  title: 'A statement or its signature is forged',
  cases: [
    {
      attack: 'the subject is rewritten under the old signature',
      verdict: 'UNTRUSTED',
      lay: attested(async (proof) => [
        transplanted(await proof.sign(proof.statement('prover', proof.base)), proof.statement()),
      ]),
    },
    {
      attack: 'an attempt is left out under the old signature',
      verdict: 'UNTRUSTED',
      lay: attested(async (proof) => [
        transplanted(await proof.sign(proof.statement()), altered(proof.statement(), { attempts: [] })),
      ]),
    },
    {
      attack: 'a statement is signed again by an unknown key',
      verdict: 'UNTRUSTED',
      lay: attested(async (proof) => [await proof.sign(proof.statement(), BOB)]),
    },
    said('the attempts', { attempts: [] }),
    said('the patch', { patch: { name: 'final.patch', digest, bytes: 1 } }),
    said('the policy', { policy: { name: 'policy.json', digest, source: [] } }),
    said('the command', { command: [] }),
    said('the number of runs', { runs: { reds: 99, greens: 99 } }),
    said('the sandbox', { sandbox: { kind: 'container', version: '1', network: 'deny', enforces: {} } }),
    {
      attack: 'the signature is taken off',
      verdict: 'UNSIGNED',
      lay: attested(async (proof) => [encodeEnvelope(proof.statement(), null)]),
    },
    {
      attack: 'the signature is taken off, and that is accepted (--allow-unsigned)',
      verdict: 'PROVED_UNSIGNED',
      lay: attested(async (proof) => [encodeEnvelope(proof.statement(), null)], { allowUnsigned: true }),
    },
    {
      attack: 'the key id lies: it is only a hint',
      verdict: 'PROVED',
      lay: attested(async (proof) => [
        (await proof.sign(proof.statement())).replace(/"keyid":"\w+"/, '"keyid":"nobody"'),
      ]),
    },
    {
      attack: 'the signature is malleated (S + L)',
      verdict: 'UNTRUSTED',
      lay: attested(async (proof) => [malleable(await proof.sign(proof.statement()))]),
    },
    {
      attack: 'an HMAC is keyed with what everybody knows of a trusted public key',
      verdict: 'UNTRUSTED',
      lay: attested(async (proof) => (await publicSecrets(proof)).map((secret) => macOf(proof.statement(), secret))),
    },
    {
      attack: 'the policy names the variable of a secret that everybody knows',
      verdict: 'UNTRUSTED',
      async lay(t) {
        const policy = { 'pp.yaml': 'policy: {attestation: {enabled: true, mode: hmac-sha256, key_env: PP_KNOWN}}\n' }
        const proof = await tempProof(t, { files: policy })
        Object.assign(proof.repo.env, { PP_KNOWN: SECRET })
        await proof.put('attestations', macOf(proof.statement(), Buffer.from(SECRET, 'hex')))
        return { proof }
      },
    },
    {
      attack: 'a variable that everybody knows, such as the id of the commit, is to be the secret',
      verdict: 'refused',
      async lay(t) {
        const proof = await tempProof(t)
        Object.assign(proof.repo.env, { COMMIT: proof.commit })
        await proof.put('attestations', macOf(proof.statement(), Buffer.from(proof.commit, 'hex')))
        return { proof, ask: { keyEnv: 'COMMIT', mode: 'hmac-sha256' } }
      },
    },
    {
      attack: 'one of two signatures that are asked for',
      verdict: 'UNTRUSTED',
      lay: bent({}, { threshold: 2 }),
    },
    {
      attack: 'one key signs in three lines, in other spellings and roles, for a threshold of two',
      verdict: 'UNTRUSTED',
      lay: attested(
        async (proof) => {
          const line = await proof.sign(proof.statement())
          const other = line.replaceAll('=', '').replace('"payload"', ' "payload"')
          return [line, other, await proof.sign(proof.statement('endorser'))]
        },
        { threshold: 2 },
      ),
    },
    {
      attack: 'one key signs as ed25519 and as SSH, for a threshold of two',
      verdict: 'UNTRUSTED',
      async lay(t) {
        const proof = await tempProof(t)
        const key = await sshKey(proof)
        const file = join(proof.repo.home, 'raw')
        const wire = Buffer.from((await fs.readFile(`${key}.pub`, 'utf8')).split(' ')[1] ?? '', 'base64')
        const bare = wire.subarray(-32)
        await fs.writeFile(
          file,
          Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bare]).toString('base64'),
        )
        await proof.put('attestations', await sshSigned(proof, proof.statement(), key))
        await proof.put('attestations', await proof.sign(proof.statement('endorser'), await seedOf(key, bare)))
        return { proof, ask: { key: [`${key}.pub`, file], threshold: 2 } }
      },
    },
    {
      attack: 'a shared secret, for a threshold of two',
      verdict: 'UNTRUSTED',
      async lay(t) {
        const proof = await tempProof(t)
        const file = join(proof.repo.home, 'secret')
        await fs.writeFile(file, SECRET)
        await proof.put('attestations', macOf(proof.statement(), Buffer.from(SECRET, 'hex')))
        return { proof, ask: { key: [file], mode: 'hmac-sha256', threshold: 2 } }
      },
    },
    {
      attack: 'another payload type, validly signed, is ignored',
      verdict: 'UNSIGNED',
      lay: attested(async (proof) => [raw(canonicalJson(proof.statement()), 'application/json')]),
    },
    {
      attack: 'another predicate type, validly signed, is ignored',
      verdict: 'UNSIGNED',
      lay: attested(async (proof) => [
        raw(
          canonicalJson({ ...proof.statement(), predicateType: 'https://in-toto.io/attestation/x/v1' }),
          PAYLOAD_TYPE,
        ),
      ]),
    },
    {
      attack: 'a statement about two commits, validly signed',
      verdict: 'MALFORMED',
      lay: attested(async (proof) => {
        const statement = proof.statement()
        const other = { name: 'commit', digest: { gitCommit: proof.base } }
        return [raw(canonicalJson({ ...statement, subject: [...statement.subject, other] }))]
      }),
    },
    {
      attack: 'a commit named by two digests, validly signed',
      verdict: 'MALFORMED',
      lay: attested(async (proof) => {
        const digests = { gitCommit: proof.commit, sha256: '1'.repeat(64) }
        return [raw(canonicalJson({ ...proof.statement(), subject: [{ name: 'commit', digest: digests }] }))]
      }),
    },
    signatureSpelled('in the alphabet of URLs is the same', 'PROVED', (sig) =>
      sig.replaceAll('+', '-').replaceAll('/', '_'),
    ),
    signatureSpelled('with a newline behind it', 'MALFORMED', (sig) => `${sig}\n`),
    signatureSpelled('with bits that belong to no byte', 'MALFORMED', (sig) =>
      sig.replace(/.==$/, (end) => (end === 'B==' ? 'C==' : 'B==')),
    ),
    {
      attack: 'two signatures in one envelope',
      verdict: 'MALFORMED',
      lay: attested(async (proof) => {
        const envelope = JSON.parse(await proof.sign(proof.statement())) as { signatures: unknown[] }
        return [canonicalJson({ ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] })]
      }),
    },
    ...(['git', 'file', 'git-pp-proofs'] as const).map(
      (namespace): Forgery => ({
        attack: `an SSH signature of the same key in the namespace ${namespace}`,
        verdict: 'UNTRUSTED',
        async lay(t) {
          const proof = await tempProof(t)
          const key = await sshKey(proof)
          await proof.put('attestations', await sshSigned(proof, proof.statement(), key, namespace))
          return { proof, ask: { trust: [await allowing(proof, key)] } }
        },
      }),
    ),
    ...(
      [
        ['whose time is over', 'valid-before="20240101" '],
        ['whose time has not come', 'valid-after="29990101" '],
        ['who may sign other things alone', 'namespaces="git" '],
        ['who is only an authority for certificates', 'cert-authority '],
      ] as const
    ).map(
      ([who, options]): Forgery => ({
        attack: `an SSH signature of somebody ${who}, whatever the proof says of its date`,
        verdict: 'UNTRUSTED',
        async lay(t) {
          const proof = await tempProof(t)
          const key = await sshKey(proof)
          await proof.put('attestations', await sshSigned(proof, proof.statement(), key))
          return { proof, ask: { trust: [await allowing(proof, key, options)] } }
        },
      }),
    ),
    payload('a key twice', (text) => text.replace(/\}$/, ',"_type":"https://in-toto.io/Statement/v1"}')),
    payload('blanks in it', (text) => text.replace('":', '": ')),
    payload('its keys in another order', (text) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse())),
    ),
    payload('another spelling of a number', (text) => text.replace(/"n":1\b/, '"n":1.0')),
    payload('bytes that are no UTF-8', (text) => Uint8Array.from([...Buffer.from(text), 0xff])),
    payload('half a character', (text) => text.replace(/\}$/, ',"z":"\\ud800"}')),
    payload('a number that is none', (text) => text.replace(/"n":1\b/, '"n":1e400')),
    payload('no end', (text) => text.slice(0, -1)),
    {
      attack: 'an attestation that is cut off beside an honest one lowers nothing',
      verdict: 'PROVED',
      lay: attested(async (proof) => {
        const line = await proof.sign(proof.statement())
        return [line.slice(0, -20), '[', line]
      }),
    },
    ...(
      [
        ['MALFORMED', '', {}],
        ['PROVED_UNSIGNED', ', where no signature is asked for', { allowUnsigned: true }],
      ] as const
    ).map(
      ([verdict, where, ask]): Forgery => ({
        attack: `the only note of attestations has 17 MiB${where}`,
        verdict,
        lay: attested(async () => ['x'.repeat(17 << 20)], ask),
      }),
    ),
    {
      attack: 'an old proof, where an age is asked for',
      verdict: 'EXPIRED',
      lay: bent({}, { maxAgeMs: 86_400_000 }),
    },
    {
      attack: 'a proof that dates itself into the future, where an age is asked for',
      verdict: 'EXPIRED',
      lay: bent({ repro: { finishedAt: '2999-01-01T00:00:00.000Z' } }, { maxAgeMs: 86_400_000 }),
    },
    {
      attack: 'two who are trusted sign, for a threshold of two: nothing is forged',
      verdict: 'PROVED',
      async lay(t) {
        const proof = await tempProof(t)
        for (const seed of [ALICE, BOB]) await proof.put('attestations', await proof.sign(proof.statement(), seed))
        return { proof, ask: { ...(await trusting(proof, [ALICE, BOB])), threshold: 2 } }
      },
    },
  ],
}
