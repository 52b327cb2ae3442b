import { strictBase64 } from '../bytes/index.ts'
import { readWireStrings } from './sshsig.ts'

/** Kinds of SSH keys, and how many strings follow the name of the kind (PROTOCOL of OpenSSH). */
const KINDS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ssh-dss': 4,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
}
const CERTIFICATE = /^(.+)-cert-v01@openssh\.com$/

/**
 * The key in wire form at the start of `KIND BASE64 [COMMENT]`, as ssh-keygen takes it: the kind of the bytes has to be the one
 * that is written before them. Null for anything else.
 */
export function keyAtStart(text: string): Uint8Array | null {
  const [, kind = '', base64 = ''] = /^(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t\r\n]|$)/.exec(text) ?? []
  const wire = base64.length % 4 === 0 ? strictBase64(base64) : null
  if (wire === null) return null
  const bytes = Buffer.from(wire)
  const named = readWireStrings(bytes, 0, 1)?.found[0]?.toString('latin1')
  if (named !== kind) return null
  const [, plain] = CERTIFICATE.exec(kind) ?? []
  if (plain !== undefined) return plain in KINDS || `${plain}@openssh.com` in KINDS ? wire : null
  const read = readWireStrings(bytes, 0, 1 + (KINDS[kind] ?? Number.POSITIVE_INFINITY))
  return read?.end === bytes.length ? wire : null
}
