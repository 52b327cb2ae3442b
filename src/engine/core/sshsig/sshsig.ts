import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto'
import { sha256, strictBase64, utf8Bytes } from '../bytes/index.ts'
import { keyIdOf } from '../keys/index.ts'

/**
 * The namespace for signatures of `ssh-keygen -Y`: PROTOCOL.sshsig of OpenSSH. An envelope contains the blob; a file contains
 * the armour.
 */
export const NAMESPACE = 'git-pp-proof'

const MAGIC = Buffer.from('SSHSIG')
const HEAD = '-----BEGIN SSH SIGNATURE-----'
const FOOT = '-----END SSH SIGNATURE-----'

export function armourSignature(blob: Uint8Array): string {
  const lines =
    Buffer.from(blob)
      .toString('base64')
      .match(/.{1,70}/g) ?? []
  return `${[HEAD, ...lines, FOOT].join('\n')}\n`
}

/** The blob in an armour; null for a text that is not an armour. */
export function readArmour(text: string): Uint8Array | null {
  const lines = text.trim().split('\n')
  if (lines[0] !== HEAD || lines.at(-1) !== FOOT) return null
  const blob = strictBase64(lines.slice(1, -1).join(''))
  return blob && publicKeyOf(blob) ? blob : null
}

/** The public key, in wire form, that a signature names; null for bytes that are not a signature. */
export function publicKeyOf(blob: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(blob)
  if (!bytes.subarray(0, 6).equals(MAGIC) || bytes.length < 10 || bytes.readUInt32BE(6) !== 1) return null
  return field(bytes, 10)
}

/** The wire form in a line `ssh-ed25519 AAAA… comment`. */
export function wireKeyOf(line: string): Uint8Array | null {
  return strictBase64(line.trim().split(/\s+/)[1] ?? '')
}

/** The id of a key: the same inside and outside of SSH, and for the key in a certificate. */
export function keyIdOfSshKey(wire: Uint8Array): string {
  const plain = plainOf(wire)
  const key = jwkOf(plain)
  try {
    return key ? keyIdOf(createPublicKey({ key, format: 'jwk' })) : sha256(plain)
  } catch {
    return sha256(plain)
  }
}

const CURVES: Readonly<Record<string, string>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' }

/**
 * The key in the form that it has outside of SSH (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709); null: it exists only
 * in SSH.
 */
export function jwkOf(wire: Uint8Array): JsonWebKey | null {
  const [kind, first, second] = readWireStrings(Buffer.from(wire), 0, 3)?.found ?? []
  const name = kind?.toString('latin1') ?? ''
  const number = (bytes: Buffer) => bytes.toString('base64url')
  const key = ed25519Of(wire)
  if (key) return { kty: 'OKP', crv: 'Ed25519', x: number(Buffer.from(key)) }
  if (!first || !second) return null
  if (name === 'ssh-rsa') return { kty: 'RSA', e: number(first), n: number(second) }
  const crv = CURVES[first.toString('latin1')]
  if (crv === undefined || name !== `ecdsa-sha2-${first.toString('latin1')}` || second[0] !== 4) return null
  const half = (second.length - 1) / 2
  return { kty: 'EC', crv, x: number(second.subarray(1, 1 + half)), y: number(second.subarray(1 + half)) }
}

const CERTIFICATE = /^(.+)-cert-v01(@openssh\.com)$/
/** How many strings follow the name of the kind in a key of each kind. */
const STRINGS = [
  [/^ssh-ed25519$/, 1],
  [/^(ssh-rsa|ecdsa-sha2-.+|sk-ssh-ed25519@.+)$/, 2],
  [/^sk-ecdsa-sha2-.+$/, 3],
] as const

/** Whether a key in wire form is a certificate. */
export function isCertificate(wire: Uint8Array): boolean {
  return CERTIFICATE.test(field(Buffer.from(wire), 0)?.toString('latin1') ?? '')
}

/** The key that a certificate is for, in wire form (PROTOCOL.certkeys of OpenSSH); other keys are returned unchanged. */
function plainOf(wire: Uint8Array): Uint8Array {
  const kind = field(Buffer.from(wire), 0)?.toString('latin1') ?? ''
  const [, bare = '', ending = ''] = CERTIFICATE.exec(kind) ?? []
  const name = bare.startsWith('sk-') ? bare + ending : bare
  const count = STRINGS.find(([pattern]) => pattern.test(name))?.[1] ?? 0
  const [, , ...parts] = readWireStrings(Buffer.from(wire), 0, 2 + count)?.found ?? []
  return parts.length === 0 ? wire : Buffer.concat([utf8Bytes(name), ...parts].map(wireString))
}

/** A key as `ssh-keygen -lf` names it: the sha256 of its wire form, in base64 without padding. */
export function fingerprintOf(wire: Uint8Array): string {
  return `SHA256:${Buffer.from(sha256(plainOf(wire)), 'hex')
    .toString('base64')
    .replace(/=+$/, '')}`
}

/** A string of the wire format (RFC 4251, section 5): its length in 4 bytes, then the bytes. */
function field(bytes: Buffer, at: number): Buffer | null {
  if (bytes.length < at + 4) return null
  const length = bytes.readUInt32BE(at)
  return bytes.length < at + 4 + length ? null : bytes.subarray(at + 4, at + 4 + length)
}

/** The parts of a signature in our namespace. `publicKey`: the whole key in wire form. */
export interface SshSignature {
  readonly publicKey: Uint8Array
  readonly hash: 'sha256' | 'sha512'
  /** The kind of the signature, such as `ssh-ed25519`, and its bytes. */
  readonly kind: string
  readonly signature: Uint8Array
}

/** Null for bytes that are not a signature, for a signature in another namespace, and for one with bytes after its end. */
export function readSignature(blob: Uint8Array): SshSignature | null {
  if (publicKeyOf(blob) === null) return null
  const [publicKey, namespace, , hash, signed] = fields(blob, 10, 5) ?? []
  const [kind, signature] = (signed && fields(signed, 0, 2)) ?? []
  if (!publicKey || !kind || !signature || namespace?.toString() !== NAMESPACE) return null
  const name = hash?.toString()
  return name === 'sha256' || name === 'sha512'
    ? { publicKey, hash: name, kind: kind.toString('latin1'), signature }
    : null
}

/** The bytes that an SSH key signs for a message: the magic, the namespace, the hash and its name (PROTOCOL.sshsig). */
export function signatureInput(message: Uint8Array, hash: SshSignature['hash']): Uint8Array {
  const digest = createHash(hash).update(message).digest()
  return Buffer.concat([MAGIC, ...[utf8Bytes(NAMESPACE), new Uint8Array(), utf8Bytes(hash), digest].map(wireString)])
}

/** The 32 bytes of an ed25519 key in wire form; null for keys of other kinds. */
export function ed25519Of(wire: Uint8Array): Uint8Array | null {
  const [kind, key] = fields(wire, 0, 2) ?? []
  return kind?.toString('latin1') === 'ssh-ed25519' && key?.length === 32 ? key : null
}

/** This many strings of the wire format, with nothing after them. */
function fields(content: Uint8Array, start: number, count: number): Buffer[] | null {
  const read = readWireStrings(Buffer.from(content), start, count)
  return read?.end === content.length ? read.found : null
}

/** This many strings of the wire format from here on; null if there are fewer. */
export function readWireStrings(bytes: Buffer, start: number, count: number): { found: Buffer[]; end: number } | null {
  const found: Buffer[] = []
  let at = start
  while (found.length < count) {
    const one = field(bytes, at)
    if (one === null) return null
    found.push(one)
    at += 4 + one.length
  }
  return { found, end: at }
}

/** A string of the wire format. */
export function wireString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
