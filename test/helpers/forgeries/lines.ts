import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import nacl from 'tweetnacl'
import { encodeEnvelope, signedMessageOf } from '../../../src/engine/core/attest/dsse.ts'
import { base64, utf8Bytes } from '../../../src/engine/core/bytes/canonical.ts'
import { ed25519KeyId, ed25519PublicKey, ed25519Spki } from '../../../src/engine/core/keys/keys.ts'
import { NAMESPACE, readArmour } from '../../../src/engine/core/sshsig/sshsig.ts'
import { PAYLOAD_TYPE, type Statement } from '../../../src/engine/model/statement.ts'
import { ALICE, type Proof, publicKey } from '../proof.ts'

const exec = promisify(execFile)

/** The order of the group of ed25519 (RFC 8032, section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/** A line made by hand: any payload, signed by Alice as it stands. */
export function raw(text: string | Uint8Array, type = PAYLOAD_TYPE): string {
  const body = typeof text === 'string' ? utf8Bytes(text) : text
  const { secretKey } = nacl.sign.keyPair.fromSeed(Uint8Array.from(Buffer.from(ALICE, 'hex')))
  const head = utf8Bytes(`DSSEv1 ${type.length} ${type} ${body.length} `)
  const sig = nacl.sign.detached(Uint8Array.from([...head, ...body]), secretKey)
  return JSON.stringify({ payload: base64(body), payloadType: type, signatures: [{ keyid: 'x', sig: base64(sig) }] })
}

/** A statement that says something else in its predicate. */
export const altered = (statement: Statement, predicate: object): Statement => ({
  ...statement,
  predicate: { ...statement.predicate, ...predicate },
})

/** The line of one statement under the signature of another one. */
export function transplanted(line: string, statement: Statement): string {
  const { signatures } = JSON.parse(line) as { signatures: unknown }
  return JSON.stringify({ ...(JSON.parse(encodeEnvelope(statement, null)) as object), signatures })
}

/** The same signature with S + L: of the same message, by the same key, in other bytes. */
export function malleable(line: string): string {
  const envelope = JSON.parse(line) as { signatures: [{ sig: string }] }
  const bytes = Buffer.from(envelope.signatures[0].sig, 'base64')
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + L
  const raised = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
  return JSON.stringify({
    ...envelope,
    signatures: [{ sig: Buffer.concat([bytes.subarray(0, 32), raised]).toString('base64') }],
  })
}

/** Signed with a secret that is none. */
export function macOf(statement: Statement, secret: Uint8Array): string {
  const bytes = createHmac('sha256', secret).update(signedMessageOf(statement)).digest()
  return encodeEnvelope(statement, { keyid: '00', bytes })
}

/** All that everybody knows of Alice's public key. */
export async function publicSecrets({ repo }: Proof): Promise<readonly Uint8Array[]> {
  const file = await publicKey(repo)
  const pem = await fs.readFile(file, 'utf8')
  const bytes = ed25519PublicKey({ text: pem, origin: file, file })
  const wire = Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), bytes])
  return [bytes, ed25519Spki(bytes), utf8Bytes(pem), wire, utf8Bytes(ed25519KeyId(bytes))]
}

/** A fresh SSH key outside of the work tree; its private file. */
export async function sshKey({ repo }: Proof, kind = 'ed25519'): Promise<string> {
  const file = join(repo.home, `id_${kind}`)
  await exec('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', 'test', '-f', file])
  return file
}

/** The line that ssh-keygen itself makes of a statement. */
export async function sshSigned(
  { repo }: Proof,
  statement: Statement,
  key: string,
  namespace = NAMESPACE,
): Promise<string> {
  const message = join(repo.home, 'message')
  await fs.writeFile(message, signedMessageOf(statement))
  await fs.rm(`${message}.sig`, { force: true })
  await exec('ssh-keygen', ['-Y', 'sign', '-q', '-n', namespace, '-f', key, message])
  const blob = readArmour(await fs.readFile(`${message}.sig`, 'utf8'))
  return encodeEnvelope(statement, { keyid: '00', bytes: blob ?? new Uint8Array() })
}

/** A file of allowed signers with this key and options. */
export async function allowing({ repo }: Proof, key: string, options = ''): Promise<string> {
  const file = join(repo.home, 'allowed_signers')
  await fs.writeFile(file, `alice@example.com ${options}${await fs.readFile(`${key}.pub`, 'utf8')}`)
  return file
}
