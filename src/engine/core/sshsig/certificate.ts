import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { isSoundKey, partsOf } from './sound-key.ts'
import { jwkOf, readWireStrings, wireString } from './sshsig.ts'

const NAME = /^(.+)-cert-v01(@openssh\.com)$/
/** Serial number and type; the two ends of its validity. In bytes. */
const [SERIAL_AND_TYPE, VALIDITY] = [12, 16]

/**
 * Whether bytes are one certificate in wire form that OpenSSH would read (PROTOCOL.certkeys): all its fields and nothing after
 * them, signed by the key that it names. A certificate of an authority whose signatures cannot be checked here (DSA, and keys
 * on security tokens) does not count as readable.
 */
export function isSoundCertificate(wire: Uint8Array): boolean {
  const bytes = Buffer.from(wire)
  const kind = readWireStrings(bytes, 0, 1)?.found[0]?.toString('latin1') ?? ''
  const [, bare = '', ending = ''] = NAME.exec(kind) ?? []
  const plain = bare.startsWith('sk-') ? bare + ending : bare
  const count = partsOf(plain)
  // The name of the kind, a nonce, and the parts of the key.
  const head = count === null ? null : readWireStrings(bytes, 0, 2 + count)
  if (head === null) return false
  const [, , ...parts] = head.found
  const named = readWireStrings(bytes, head.end + SERIAL_AND_TYPE, 2)
  // Critical options, extensions, a reserved field, the key of the authority, its signature.
  const tail = named && readWireStrings(bytes, named.end + VALIDITY, 5)
  if (!named || tail?.end !== bytes.length) return false
  const [critical, extensions, , authority, signature] = tail.found
  if (!critical || !extensions || !authority || !signature) return false
  const type = bytes.readUInt32BE(head.end + SERIAL_AND_TYPE - 4)
  const lists = [named.found[1] ?? Buffer.alloc(0), critical, extensions]
  if ((type !== 1 && type !== 2) || !lists.every(isListOfStrings)) return false
  const key = Buffer.concat([Buffer.from(plain), ...parts].map(wireString))
  const signed = bytes.subarray(0, bytes.length - 4 - signature.length)
  return isSoundKey(key) && isSoundKey(authority) && isSignedBy(authority, signed, signature)
}

function isListOfStrings(bytes: Buffer): boolean {
  let at = 0
  while (at < bytes.length) {
    const one = readWireStrings(bytes, at, 1)
    if (one === null) return false
    at = one.end
  }
  return true
}

/** Algorithms of signatures: the kind of key that makes them, and the hash; null: the algorithm has its own. */
const ALGORITHMS: Readonly<Record<string, readonly [kind: string, hash: string | null]>> = {
  'ssh-ed25519': ['ssh-ed25519', null],
  'ssh-rsa': ['ssh-rsa', 'sha1'],
  'rsa-sha2-256': ['ssh-rsa', 'sha256'],
  'rsa-sha2-512': ['ssh-rsa', 'sha512'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256', 'sha256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384', 'sha384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521', 'sha512'],
}

function isSignedBy(authority: Buffer, signed: Buffer, signature: Buffer): boolean {
  const read = readWireStrings(signature, 0, 2)
  const [algorithm, bytes] = read?.found ?? []
  const name = algorithm?.toString('latin1') ?? ''
  const [kind, hash] = (Object.hasOwn(ALGORITHMS, name) && ALGORITHMS[name]) || ['', null]
  const jwk = jwkOf(authority)
  if (read?.end !== signature.length || !bytes || !jwk || !authority.subarray(4).toString('latin1').startsWith(kind))
    return false
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const raw = name.startsWith('ecdsa') ? fixedWidth(bytes, key) : bytes
    return raw !== null && verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, raw)
  } catch {
    return false
  }
}

/** The two numbers of an ECDSA signature (RFC 5656, section 3.1.2) as halves of equal width, as in IEEE P1363. */
function fixedWidth(signature: Buffer, key: KeyObject): Buffer | null {
  const width = { prime256v1: 32, secp384r1: 48, secp521r1: 66 }[key.asymmetricKeyDetails?.namedCurve ?? '']
  const read = readWireStrings(signature, 0, 2)
  if (width === undefined || read?.end !== signature.length) return null
  const halves = read.found.map((number) => number.subarray(Math.max(0, number.length - width)))
  return Buffer.concat(halves.map((half) => Buffer.concat([Buffer.alloc(width - half.length), half])))
}
