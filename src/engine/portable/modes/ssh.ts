import {
  allowedSigners,
  ed25519Of,
  fingerprintOf,
  isCertificate,
  keyIdOfSshKey,
  principalOf,
  readSignature,
  revokedKeys,
  signatureInput,
  whyNotNow,
} from '../../core/sshsig/index.ts'
import { PpError } from '../../model/error.ts'
import type { TrustAnchor } from '../../model/trust.ts'
import type { Verifier } from '../../ports/signer.ts'
import { ed25519 } from '../ed25519.ts'
import type { KeyCircumstances, PortableMode } from '../mode.ts'

export default { kind: 'ssh', verifier } satisfies PortableMode

/**
 * SSHSIG with ed25519 keys. A signature of a trusted key of another kind cannot be checked here, so the answer is neither yes
 * nor no.
 */
async function verifier({ text }: TrustAnchor, { now, revoked }: KeyCircumstances): Promise<Verifier> {
  const signers = allowedSigners(text)
  const gone = revoked === null ? new Set<string>() : revokedKeys(revoked, 'the list')
  if (gone === null)
    throw new PpError(
      'USAGE',
      'the list of revoked keys is binary (KRL), which this library cannot read; use git pp verify',
    )
  return {
    async check(message, blob) {
      const read = readSignature(blob)
      if (read === null || gone.has(keyIdOfSshKey(read.publicKey))) return null
      const name = principalOf(signers, read.publicKey, now)
      if (name === null && isCertificate(read.publicKey) && signers.some(({ authority }) => authority))
        return { unchecked: 'it is signed with a certificate, which this library cannot check; use git pp verify' }
      if (name === null) return null
      const publicKey = ed25519Of(read.publicKey)
      if (publicKey === null)
        return { unchecked: `${name} signed with ${read.kind}, which this library cannot check; use git pp verify` }
      if (read.kind !== 'ssh-ed25519') return null
      const holds = await (await ed25519(publicKey))(signatureInput(message, read.hash), read.signature)
      const [key, fingerprint] = [keyIdOfSshKey(read.publicKey), fingerprintOf(read.publicKey)]
      return holds ? { mode: 'ssh', key, fingerprint, name } : null
    },
    whyNot(blob, at) {
      const read = readSignature(blob)
      return read && whyNotNow(signers, read.publicKey, at)
    },
  }
}
