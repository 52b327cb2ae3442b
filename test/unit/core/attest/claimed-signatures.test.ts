import test from 'ava'
import { describeKey, readClaimedSignature } from '../../../../src/engine/core/attest/claimed-signatures.ts'
import { fingerprintOf, NAMESPACE } from '../../../../src/engine/core/sshsig/sshsig.ts'

type Line = Parameters<typeof readClaimedSignature>[0]
const line = (signature: Uint8Array | null, keyid: string | null) =>
  ({
    is: 'statement',
    statement: { predicate: { role: 'prover' } },
    message: new Uint8Array(),
    signature,
    keyid,
  }) as unknown as Line

test('the fingerprint of an SSH key is that of ssh-keygen', (t) => {
  // ssh-keygen -lf of this line of OpenSSH 9.2.
  const wire = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2yww8OK1wMWbh', 'base64')
  t.is(fingerprintOf(wire), 'SHA256:obl5Qb2DKQFMBVNCSFr6LwQUwUO3sht9a/wRNOCMGWw')
})

test('an SSH signature brings its key; of others only the key id is known, and only where it is one', (t) => {
  const string = (text: string | Uint8Array) => {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const version = Buffer.from([0, 0, 0, 1])
  const ssh = Buffer.concat([Buffer.from('SSHSIG'), version, string('key'), string(NAMESPACE)])
  t.is(
    describeKey(readClaimedSignature(line(ssh, 'ab'.repeat(32))) ?? { mode: '', key: '' }),
    `ssh key ${fingerprintOf(Buffer.from('key'))}`,
  )
  const [ed25519, mac] = [new Uint8Array(64), new Uint8Array(32)]
  t.is(
    describeKey(readClaimedSignature(line(ed25519, 'ab'.repeat(32))) ?? { mode: '', key: '' }),
    `ed25519 key ${'ab'.repeat(32)}`,
  )
  t.is(
    describeKey(readClaimedSignature(line(mac, 'trust me\x1b[2J')) ?? { mode: '', key: '' }),
    'hmac-sha256 key without an id',
  )
  t.is(describeKey(readClaimedSignature(line(new Uint8Array(3), null)) ?? { mode: '', key: '' }), 'a key without an id')
  t.is(readClaimedSignature(line(null, 'ab'.repeat(32))), null)
})
