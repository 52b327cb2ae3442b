import { strictBase64 } from '../bytes/index.ts'
import { isSoundCertificate } from './certificate.ts'
import { isSoundKey } from './sound-key.ts'
import { readWireStrings, wireString } from './sshsig.ts'

/** Names of kinds that OpenSSH also reads before a key: those of signatures → the kind of the key itself. */
const OF_SIGNATURES = [
  [/^rsa-sha2-(?:256|512)(?=$|-cert-v01@openssh\.com$)/, 'ssh-rsa'],
  [/^webauthn-(?=sk-ecdsa-sha2-nistp256@openssh\.com$)/, ''],
] as const

/** Short names that OpenSSH takes in the bytes of a key, in any case, and never writes. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['ed25519', 'ssh-ed25519'],
  ['rsa', 'ssh-rsa'],
  ['dsa', 'ssh-dss'],
  ['ed25519-sk', 'sk-ssh-ed25519@openssh.com'],
])

/**
 * The key in wire form at the start of `KIND BASE64 [COMMENT]`, as ssh-keygen takes it: the kind of the bytes has to be the one
 * that is written before them, and the bytes have to be a key of that kind. Null for anything else.
 */
export function keyAtStart(text: string): Uint8Array | null {
  const [, written = '', word = ''] = /^([^ \t]+)[ \t]+([^ \t]+)/.exec(text) ?? []
  // The decoder of OpenSSH skips white space, also inside of a word.
  const base64 = word.replace(/[\r\n\v\f]/g, '')
  const wire = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.length % 4 === 0 ? strictBase64(base64) : null
  if (wire === null) return null
  const kind = OF_SIGNATURES.reduce((name, [pattern, plain]) => name.replace(pattern, plain), written)
  const bytes = withFullName(Buffer.from(wire))
  const named = readWireStrings(bytes, 0, 1)?.found[0]?.toString('latin1')
  return named === kind && (isSoundKey(bytes) || isSoundCertificate(bytes)) ? Uint8Array.from(bytes) : null
}

function withFullName(wire: Buffer): Buffer {
  const read = readWireStrings(wire, 0, 1)
  const full = SHORT.get(read?.found[0]?.toString('latin1').toLowerCase() ?? '')
  return read === null || full === undefined
    ? wire
    : Buffer.concat([wireString(Buffer.from(full)), wire.subarray(read.end)])
}
