import { createPublicKey } from 'node:crypto'
import { jwkOf, readWireStrings, wireString } from './sshsig.ts'

/** Kinds of SSH keys, and what follows the name of the kind: strings of the wire format (PROTOCOL of OpenSSH). */
const PARTS: Readonly<Record<string, readonly ('point' | 'number' | 'text')[]>> = {
  'ssh-ed25519': ['point'],
  'ssh-rsa': ['number', 'number'],
  'ssh-dss': ['number', 'number', 'number', 'number'],
  'ecdsa-sha2-nistp256': ['text', 'point'],
  'ecdsa-sha2-nistp384': ['text', 'point'],
  'ecdsa-sha2-nistp521': ['text', 'point'],
  'sk-ssh-ed25519@openssh.com': ['point', 'text'],
  'sk-ecdsa-sha2-nistp256@openssh.com': ['text', 'point', 'text'],
}

/** How many strings a key of this kind has after the name of the kind; null for an unknown kind. */
export function partsOf(kind: string): number | null {
  return Object.hasOwn(PARTS, kind) ? (PARTS[kind]?.length ?? null) : null
}

/** Whether bytes are one key in wire form that OpenSSH would read: all its parts, valid for its kind, and nothing after them. */
export function isSoundKey(wire: Uint8Array): boolean {
  const bytes = Buffer.from(wire)
  const kind = readWireStrings(bytes, 0, 1)?.found[0]?.toString('latin1') ?? ''
  const read = readWireStrings(bytes, 0, 1 + (partsOf(kind) ?? Number.POSITIVE_INFINITY))
  if (read?.end !== bytes.length) return false
  const parts = read.found.slice(1)
  const numbers = parts.filter((_, at) => PARTS[kind]?.[at] === 'number')
  return numbers.every(isPositive) && isSoundPoint(kind, parts)
}

/** A number is written with its sign (RFC 4251, section 5); those of keys are not negative and have at most 16384 bits. */
function isPositive(number: Buffer): boolean {
  return (number[0] ?? 0) < 0x80 && number.length <= 2049
}

function isSoundPoint(kind: string, [first, second]: readonly Buffer[]): boolean {
  if (kind.includes('ed25519')) return first?.length === 32
  if (!kind.includes('ecdsa') || !first || !second) return true
  const name = kind.replace(/^sk-|@openssh\.com$/g, '')
  const jwk = jwkOf(Buffer.concat([Buffer.from(name), first, second].map(wireString)))
  if (jwk === null) return false
  try {
    createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false
  }
}
