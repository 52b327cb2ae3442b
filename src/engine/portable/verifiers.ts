import { keyidOf, loadEd25519 } from '../core/keys/index.ts'
import {
  allowedSigners,
  ed25519Of,
  fingerprintOf,
  identityOf,
  isCertificate,
  principalOf,
  readSignature,
  revokedKeys,
  signedBy,
  whyNotNow,
} from '../core/sshsig/index.ts'
import { PpError } from '../model/error.ts'
import type { Trust } from '../model/trust.ts'
import type { Verifier } from '../ports/signer.ts'

/** What a key needs beside itself. `revoked`: the text of a list of revoked SSH keys. */
export interface Circumstances {
  readonly now: Date
  readonly revoked: string | null
}

/** Checks signatures with WebCrypto and tweetnacl: no program is run. Throws USAGE for a list of revoked keys that is not read here. */
export async function verifierOf(trust: Trust, { now, revoked }: Circumstances): Promise<Verifier> {
  switch (trust.mode) {
    case 'hmac-sha256':
      return shared(trust)
    case 'ed25519': {
      const holds = await ed25519(trust.publicKey)
      const key = keyidOf(trust.publicKey)
      const by = { mode: 'ed25519', key, fingerprint: key, name: trust.name } as const
      return { check: async (message, signature) => ((await holds(message, signature)) ? by : null) }
    }
    case 'ssh':
      return ssh(trust, now, revoked)
  }
}

async function shared({ secret, name }: Extract<Trust, { mode: 'hmac-sha256' }>): Promise<Verifier> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(secret), algorithm, false, ['verify'])
  const holds = (message: Uint8Array, signature: Uint8Array) =>
    crypto.subtle.verify('HMAC', key, Uint8Array.from(signature), Uint8Array.from(message))
  return {
    check: async (message, signature) =>
      (await holds(message, signature)) ? { mode: 'hmac-sha256', key: null, fingerprint: null, name } : null,
  }
}

/** tweetnacl alone takes malleable signatures (S + L); WebCrypto refuses them. Both have to agree. */
async function ed25519(publicKey: Uint8Array) {
  const sign = await loadEd25519()
  const raw = Uint8Array.from(publicKey)
  const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']).catch(() => null)
  return async (message: Uint8Array, signature: Uint8Array): Promise<boolean> => {
    if (signature.length !== 64 || key === null) return false
    const [signed, bytes] = [Uint8Array.from(message), Uint8Array.from(signature)]
    if (!sign.detached.verify(signed, bytes, raw)) return false
    return crypto.subtle.verify({ name: 'Ed25519' }, key, bytes, signed)
  }
}

/** SSHSIG by ed25519 keys. Who signed with another kind of key, and is trusted, cannot be checked here, which is neither yes nor no. */
function ssh(trust: Extract<Trust, { mode: 'ssh' }>, now: Date, revoked: string | null): Verifier {
  const signers = allowedSigners(trust.allowedSigners)
  const gone = revoked === null ? new Set<string>() : revokedKeys(revoked, 'the list')
  if (gone === null)
    throw new PpError(
      'USAGE',
      'the list of revoked keys is binary (KRL), which this library cannot read; use git pp verify',
    )
  return {
    async check(message, blob) {
      const read = readSignature(blob)
      if (read === null || gone.has(identityOf(read.publicKey))) return null
      const name = principalOf(signers, read.publicKey, now)
      if (name === null && isCertificate(read.publicKey) && signers.some(({ authority }) => authority))
        return { unchecked: 'it is signed with a certificate, which this library cannot check; use git pp verify' }
      if (name === null) return null
      const publicKey = ed25519Of(read.publicKey)
      if (publicKey === null)
        return { unchecked: `${name} signed with ${read.kind}, which this library cannot check; use git pp verify` }
      if (read.kind !== 'ssh-ed25519') return null
      const holds = await (await ed25519(publicKey))(signedBy(message, read.hash), read.signature)
      const [key, fingerprint] = [identityOf(read.publicKey), fingerprintOf(read.publicKey)]
      return holds ? { mode: 'ssh', key, fingerprint, name } : null
    },
    whyNot(blob, at) {
      const read = readSignature(blob)
      return read && whyNotNow(signers, read.publicKey, at)
    },
  }
}
