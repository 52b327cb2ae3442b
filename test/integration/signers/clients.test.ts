import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleFromJSON } from '@sigstore/bundle'
import { crypto as sigstore } from '@sigstore/core'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import { ed25519PublicKey } from '../../../src/engine/core/keys/keys.ts'
import { allowing, macOf, sshKey, sshSigned } from '../../helpers/forgeries/lines.ts'
import { needing, PYTHON } from '../../helpers/needs.ts'
import { publicKey, tempProof } from '../../helpers/proof.ts'

const exec = promisify(execFile)

/** A signed proof, its envelope in a file, and the signed bytes and the signature by jq, base64 and printf alone. */
async function unwrapped(
  t: Parameters<typeof tempProof>[0],
  line?: (proof: Awaited<ReturnType<typeof tempProof>>) => Promise<string>,
) {
  const proof = await tempProof(t)
  const envelope = line ? await line(proof) : await proof.sign(proof.statement())
  const { home } = proof.repo
  await fs.writeFile(join(home, 'envelope.json'), envelope)
  const script = `cd "$1" && T=$(jq -r .payloadType envelope.json) && jq -r .payload envelope.json | base64 -d > p
    printf 'DSSEv1 %d %s %d ' \${#T} "$T" $(wc -c < p) | cat - p > pae
    jq -r '.signatures[0].sig' envelope.json | base64 -d > s`
  await exec('sh', ['-ec', script, 'sh', home])
  const pem = await publicKey(proof.repo)
  const raw = ed25519PublicKey({ text: await fs.readFile(pem, 'utf8'), origin: pem, file: pem })
  return { proof, home, envelope, pem, hex: Buffer.from(raw).toString('hex') }
}

/** Runs a check that has to hold, then the same with one byte more, which must not. */
async function holdsAndNotOneByteMore(t: Parameters<typeof tempProof>[0], home: string, check: () => Promise<unknown>) {
  await t.notThrowsAsync(check)
  await fs.appendFile(join(home, 'pae'), 'x')
  await t.throwsAsync(check)
}

needing('jq', 'openssl')('openssl verifies an ed25519 attestation', async (t) => {
  const { home, pem } = await unwrapped(t)
  const argv = ['pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', '-in', 'pae', '-sigfile', 's']
  await holdsAndNotOneByteMore(t, home, () => exec('openssl', argv, { cwd: home }))
})

needing('jq', 'openssl')('openssl verifies an attestation with a shared secret', async (t) => {
  const secret = '5e'.repeat(32)
  const { home } = await unwrapped(t, async (proof) => macOf(proof.statement(), Buffer.from(secret, 'hex')))
  const script = `openssl dgst -sha256 -mac HMAC -macopt hexkey:${secret} -binary pae | cmp - s`
  await holdsAndNotOneByteMore(t, home, () => exec('sh', ['-ec', script], { cwd: home }))
})

needing('jq', 'ssh-keygen')('ssh-keygen verifies an attestation of an SSH key', async (t) => {
  let key = ''
  const { proof, home } = await unwrapped(t, async (made) => {
    key = await sshKey(made)
    return sshSigned(made, made.statement(), key)
  })
  await allowing(proof, key)
  const script = `{ echo '-----BEGIN SSH SIGNATURE-----'; jq -r '.signatures[0].sig' envelope.json | fold -w70
    echo '-----END SSH SIGNATURE-----'; } > s.ssh
    ssh-keygen -Y verify -f allowed_signers -I alice@example.com -n git-pp-proof -s s.ssh < pae`
  await holdsAndNotOneByteMore(t, home, () => exec('sh', ['-ec', script], { cwd: home }))
})

const SECURESYSTEMSLIB = `
import sys
from securesystemslib.signer import SSlibKey, Signature
pae, sig = open('pae', 'rb').read(), open('s', 'rb').read()
SSlibKey('00', 'ed25519', 'ed25519', {'public': sys.argv[1]}).verify_signature(Signature('00', sig.hex()), pae)
`
const NACL = `
import sys
from nacl.signing import VerifyKey
VerifyKey(bytes.fromhex(sys.argv[1])).verify(open('pae', 'rb').read(), open('s', 'rb').read())
`

for (const [client, name, script] of [
  ['securesystemslib', 'securesystemslib', SECURESYSTEMSLIB],
  ['PyNaCl', 'nacl', NACL],
] as const) {
  needing('jq', `import ${name}`)(`${client} verifies an ed25519 attestation`, async (t) => {
    const { home, hex } = await unwrapped(t)
    await holdsAndNotOneByteMore(t, home, () => exec(PYTHON, ['-c', script, hex], { cwd: home }))
  })
}

needing('jq')('sigstore-js verifies the envelope as it is', async (t) => {
  const { envelope, pem } = await unwrapped(t)
  const key = sigstore.createPublicKey(
    createPublicKey(await fs.readFile(pem, 'utf8'))
      .export({ format: 'pem', type: 'spki' })
      .toString(),
  )
  const nobody = { mediaType: '', certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] }
  const trust = toTrustMaterial(nobody, () => ({ publicKey: key, validFor: () => true }))
  const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 })
  const verify = (line: string) =>
    verifier.verify(
      toSignedEntity(
        bundleFromJSON({
          mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
          verificationMaterial: { publicKey: { hint: 'x' }, tlogEntries: [] },
          dsseEnvelope: JSON.parse(line) as object,
        }),
      ),
    )
  t.notThrows(() => verify(envelope))
  const { payload } = JSON.parse(envelope) as { payload: string }
  const other = Buffer.from(Buffer.from(payload, 'base64').toString().replace('"prover"', '"endorser"')).toString(
    'base64',
  )
  t.throws(() => verify(envelope.replace(payload, other)), { code: 'SIGNATURE_ERROR' })
})

needing('jq')('the payload is what jq and python take for canonical, too', async (t) => {
  const { home } = await unwrapped(t)
  await exec('sh', ['-ec', 'jq -cjS . p | cmp - p'], { cwd: home })
  const script = `import json; p = open('p', encoding='utf-8').read()
assert json.dumps(json.loads(p), sort_keys=True, separators=(',', ':'), ensure_ascii=False) == p`
  await t.notThrowsAsync(exec(PYTHON, ['-c', script], { cwd: home }))
})
