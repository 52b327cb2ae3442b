import { createPublicKey, verify } from 'node:crypto'
import { keyidOf, loadEd25519, seedOf, spkiOf } from '../core/keys/index.ts'
import { PpError } from '../model/error.ts'
import type { SignerKind } from '../ports/signer.ts'

/** RFC 8032, pure. tweetnacl signs. */
const ed25519: SignerKind = {
  kind: 'ed25519',
  async signer(key) {
    const sign = await loadEd25519()
    const { publicKey, secretKey } = sign.keyPair.fromSeed(seedOf(key))
    const keyid = keyidOf(publicKey)
    return {
      mode: 'ed25519',
      keyid,
      fingerprint: keyid,
      sign: async (message) => sign.detached(message, secretKey),
    }
  },
  async verifier(trust) {
    if (trust.mode !== 'ed25519') throw new PpError('INTERNAL', `this is not an ed25519 key: ${trust.mode}`)
    const { publicKey, name } = trust
    const sign = await loadEd25519()
    const key = keyidOf(publicKey)
    const object = createPublicKey({ key: Buffer.from(spkiOf(publicKey)), format: 'der', type: 'spki' })
    return {
      async check(message, signature) {
        if (signature.length !== 64) return null
        // tweetnacl alone takes malleable signatures (S + L); node:crypto refuses them. Both have to agree.
        const holds =
          sign.detached.verify(Uint8Array.from(message), Uint8Array.from(signature), publicKey) &&
          verify(null, message, object, signature)
        return holds ? { mode: 'ed25519', key, fingerprint: key, name } : null
      },
    }
  },
}
export default ed25519
