import { createPublicKey, verify } from 'node:crypto'
import { ed25519KeyId, ed25519PublicKey, ed25519Seed, ed25519Spki, loadEd25519 } from '../core/keys/index.ts'
import type { SignerKind } from '../ports/signer.ts'

/** RFC 8032, pure ed25519. tweetnacl signs. */
const ed25519: SignerKind = {
  kind: 'ed25519',
  offered: 2,
  keyTells: 'sometimes',
  keyType: 'ed25519',
  signatureBytes: 64,
  takesGitKey: false,
  async signer(key) {
    const sign = await loadEd25519()
    const { publicKey, secretKey } = sign.keyPair.fromSeed(ed25519Seed(key))
    const keyid = ed25519KeyId(publicKey)
    return {
      mode: 'ed25519',
      keyid,
      fingerprint: keyid,
      sign: async (message) => sign.detached(message, secretKey),
    }
  },
  async verifier({ text, name }) {
    const publicKey = ed25519PublicKey({ text, origin: name, file: null })
    const sign = await loadEd25519()
    const key = ed25519KeyId(publicKey)
    const object = createPublicKey({ key: Buffer.from(ed25519Spki(publicKey)), format: 'der', type: 'spki' })
    return {
      async check(message, signature) {
        if (signature.length !== 64) return null
        // tweetnacl alone takes malleable signatures (S + L); node:crypto refuses them. Both have to agree, the faster one
        // first: a note may hold a thousand signatures that do not hold.
        const holds =
          verify(null, message, object, signature) &&
          sign.detached.verify(Uint8Array.from(message), Uint8Array.from(signature), publicKey)
        return holds ? { mode: 'ed25519', key, fingerprint: key, name } : null
      },
    }
  },
}
export default ed25519
