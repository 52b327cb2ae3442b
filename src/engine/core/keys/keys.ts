import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { PpError } from '../../model/error.ts'
import type { Sha256 } from '../../model/oid.ts'
import type { KeySource } from '../../model/trust.ts'
import { sha256, strictBase64 } from '../bytes/index.ts'

/** The DER of an ed25519 key without its 32 bytes: RFC 8410, sections 4 and 7. */
const SPKI = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00])
const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20])

/** In bytes. HMAC keys shorter than the hash are refused. */
export const LEAST_SECRET = 32

type ParsedKey =
  | { readonly is: 'ed25519-private'; readonly seed: Uint8Array }
  | { readonly is: 'ed25519-public'; readonly publicKey: Uint8Array }
  | { readonly is: 'other-public'; readonly type: string; readonly keyid: Sha256 }
  | { readonly is: 'ssh-public'; readonly line: string }
  | { readonly is: 'bytes'; readonly bytes: Uint8Array; readonly as: 'hex' | 'base64' }
  | { readonly is: 'other'; readonly what: string }

/** Which kind of key a text is: PEM, an OpenSSH line, hex or base64. It never guesses what bare bytes are for. */
export function readKey(text: string): ParsedKey {
  const trimmed = text.trim()
  if (trimmed === '') return { is: 'other', what: 'empty' }
  const pem = [...trimmed.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label = '']) => label)
  if (pem.length > 1) return { is: 'other', what: `a file of ${pem.length} keys (${pem.join(', ')})` }
  if (pem[0] !== undefined) return readPem(trimmed, pem[0])
  const lines = trimmed.match(/^(?:ssh-|ecdsa-sha2-|sk-)/gm) ?? []
  if (lines.length > 1) return { is: 'other', what: `a file of ${lines.length} SSH keys` }
  if (/^(ssh-|ecdsa-sha2-|sk-)\S+ [A-Za-z0-9+/=]+( |$)/.test(trimmed)) return { is: 'ssh-public', line: trimmed }
  const hex = /^(?:[0-9a-f]{2})+$/i.test(trimmed)
  const bytes = hex ? Uint8Array.from(Buffer.from(trimmed, 'hex')) : strictBase64(trimmed)
  return bytes === null
    ? { is: 'other', what: `text of ${trimmed.length} characters that is neither PEM, hex nor base64` }
    : readBytes(bytes, hex ? 'hex' : 'base64')
}

function readPem(text: string, label: string): ParsedKey {
  if (label === 'OPENSSH PRIVATE KEY') return { is: 'other', what: 'an OpenSSH private key' }
  const make = { 'PRIVATE KEY': createPrivateKey, 'PUBLIC KEY': createPublicKey }[label]
  if (make === undefined) return { is: 'other', what: `a PEM block of type ${label}` }
  try {
    return readKeyObject(make(text))
  } catch {
    return { is: 'other', what: `a PEM block of type ${label} that cannot be read` }
  }
}

function readKeyObject(key: KeyObject): ParsedKey {
  if (key.asymmetricKeyType !== 'ed25519') {
    const type = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter(Boolean).join(' ')
    if (key.type === 'public') return { is: 'other-public', type, keyid: keyIdOf(key) }
    return { is: 'other', what: `a private key of type ${type}` }
  }
  const jwk = key.export({ format: 'jwk' })
  const bytes = (part: string | undefined) => Uint8Array.from(Buffer.from(part ?? '', 'base64url'))
  return key.type === 'private'
    ? { is: 'ed25519-private', seed: bytes(jwk.d) }
    : { is: 'ed25519-public', publicKey: bytes(jwk.x) }
}

function readBytes(bytes: Uint8Array, as: 'hex' | 'base64'): ParsedKey {
  const after = (head: Uint8Array) =>
    bytes.length === head.length + 32 && head.every((byte, at) => bytes[at] === byte) ? bytes.slice(head.length) : null
  const publicKey = after(SPKI)
  if (publicKey) return { is: 'ed25519-public', publicKey }
  const seed = after(PKCS8)
  return seed ? { is: 'ed25519-private', seed } : { is: 'bytes', bytes, as }
}

/** The 32-byte seed of an ed25519 private key. Throws USAGE. */
export function ed25519Seed({ text, origin }: KeySource): Uint8Array {
  const key = readKey(text)
  if (key.is === 'ed25519-private') return key.seed
  if (key.is === 'bytes' && key.bytes.length === 32) return key.bytes
  throw wrongKeyMessage(
    origin,
    'an ed25519 private key (PKCS#8 PEM, or 32 bytes in hex or base64)',
    key,
    'git pp keygen FILE makes one',
  )
}

/** The 32 bytes of an ed25519 public key. Throws USAGE. */
export function ed25519PublicKey({ text, origin }: KeySource): Uint8Array {
  const key = readKey(text)
  if (key.is === 'ed25519-public') return key.publicKey
  if (key.is === 'bytes' && key.bytes.length === 32) return key.bytes
  throw wrongKeyMessage(origin, 'an ed25519 public key (SPKI PEM, or 32 bytes in hex or base64)', key)
}

/** A shared secret of 32 bytes or more. Throws USAGE, above all for public keys, because everybody knows them. */
export function secretOf({ text, origin }: KeySource): Uint8Array {
  const key = readKey(text)
  if (key.is === 'bytes' && key.bytes.length >= LEAST_SECRET) return key.bytes
  const wanted = `a secret of at least ${LEAST_SECRET} bytes, in hex or base64`
  throw wrongKeyMessage(origin, wanted, key, 'openssl rand -hex 32 makes one')
}

/** The error that says what was found instead of the wanted key; it shows no part of the key. */
export function wrongKeyMessage(origin: string, wanted: string, key: ParsedKey, mend?: string): PpError {
  return new PpError(
    'USAGE',
    `${origin} holds ${describe(key)}, but this needs ${wanted}`,
    mend === undefined ? {} : { mend },
  )
}

function describe(key: ParsedKey): string {
  switch (key.is) {
    case 'ed25519-private':
      return 'an ed25519 private key'
    case 'ed25519-public':
      return 'an ed25519 public key'
    case 'other-public':
      return `a public key of type ${key.type}`
    case 'ssh-public':
      return 'an SSH public key'
    case 'bytes':
      return `${key.bytes.length} bytes in ${key.as}`
    case 'other':
      return key.what
  }
}

/** The type of a public key, as plugs declare it, and its key id, from which its signing mode follows; null for anything else. */
export function publicKeyType(key: ParsedKey): { readonly type: string; readonly keyid: Sha256 } | null {
  if (key.is === 'ed25519-public') return { type: 'ed25519', keyid: ed25519KeyId(key.publicKey) }
  return key.is === 'other-public' ? key : null
}

/** The id of any public key. A key can be written in several ways, so it is read and exported again first. */
export function keyIdOf(key: KeyObject): Sha256 {
  const again = createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' })
  return sha256(again.export({ type: 'spki', format: 'der' }))
}

/** SubjectPublicKeyInfo of an ed25519 key, DER. */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array {
  return Uint8Array.from([...SPKI, ...publicKey])
}

/** The key id that is used everywhere: sha256 of the SPKI DER, in lower-case hex. */
export function ed25519KeyId(publicKey: Uint8Array): Sha256 {
  return sha256(ed25519Spki(publicKey))
}
