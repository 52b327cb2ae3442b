import { strictBase64 } from '../../core/attest/base64.ts'
import { keyidOf } from '../../core/attest/keys.ts'
import { sha256 } from '../../core/canonical.ts'

/** Signatures of `ssh-keygen -Y`: PROTOCOL.sshsig of OpenSSH. In an envelope stands the blob, on disk the armour. */
export const NAMESPACE = 'git-pp-proof'

const MAGIC = Buffer.from('SSHSIG')
const HEAD = '-----BEGIN SSH SIGNATURE-----'
const FOOT = '-----END SSH SIGNATURE-----'

export function armour(blob: Uint8Array): string {
  const lines =
    Buffer.from(blob)
      .toString('base64')
      .match(/.{1,70}/g) ?? []
  return `${[HEAD, ...lines, FOOT].join('\n')}\n`
}

/** The blob in an armour; null for a text that is none. */
export function unarmour(text: string): Uint8Array | null {
  const lines = text.trim().split('\n')
  if (lines[0] !== HEAD || lines.at(-1) !== FOOT) return null
  const blob = strictBase64(lines.slice(1, -1).join(''))
  return blob && publicKeyOf(blob) ? blob : null
}

/** The public key, in wire form, that a signature says it is of; null for bytes that are no signature. */
export function publicKeyOf(blob: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(blob)
  if (!bytes.subarray(0, 6).equals(MAGIC) || bytes.length < 10 || bytes.readUInt32BE(6) !== 1) return null
  return field(bytes, 10)
}

/** The wire form in a line `ssh-ed25519 AAAA… comment`. */
export function wireOf(line: string): Uint8Array | null {
  return strictBase64(line.trim().split(/\s+/)[1] ?? '')
}

/** The id of a key: an ed25519 key has the same one here and outside of SSH. */
export function identityOf(wire: Uint8Array): string {
  const bytes = Buffer.from(wire)
  const kind = field(bytes, 0)
  const key = kind?.toString() === 'ssh-ed25519' ? field(bytes, 4 + kind.length) : null
  return key?.length === 32 ? keyidOf(key) : sha256(wire)
}

/** A string of the wire format (RFC 4251, section 5): its length in 4 bytes, then the bytes. */
function field(bytes: Buffer, at: number): Buffer | null {
  if (bytes.length < at + 4) return null
  const length = bytes.readUInt32BE(at)
  return bytes.length < at + 4 + length ? null : bytes.subarray(at + 4, at + 4 + length)
}
