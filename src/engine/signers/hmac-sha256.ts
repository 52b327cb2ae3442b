import { createHmac, timingSafeEqual } from 'node:crypto'
import { secretOf } from '../core/keys/index.ts'
import type { SignerKind } from '../ports/signer.ts'

/** A shared secret: it shows only "somebody who knows it", and everybody who can verify can also sign. RFC 2104, FIPS 180-4. */
const hmacSha256: SignerKind = {
  kind: 'hmac-sha256',
  offered: 1,
  keyTells: 'never',
  keyType: null,
  signatureBytes: 32,
  takesGitKey: false,
  async signer(key) {
    const secret = secretOf(key)
    const keyid = keyidOf(secret)
    return { mode: 'hmac-sha256', keyid, fingerprint: keyid, sign: async (message) => mac(secret, message) }
  },
  async verifier({ text, name }) {
    const secret = secretOf({ text, origin: name, file: null })
    return {
      async check(message, signature) {
        const expected = mac(secret, message)
        const same = signature.length === expected.length && timingSafeEqual(signature, expected)
        return same ? { mode: 'hmac-sha256', key: null, fingerprint: null, name } : null
      },
    }
  },
}
export default hmacSha256

function mac(secret: Uint8Array, message: Uint8Array | string): Uint8Array {
  return createHmac('sha256', secret).update(message).digest()
}

/** An id that distinguishes secrets without revealing them. */
function keyidOf(secret: Uint8Array): string {
  return Buffer.from(mac(secret, 'key id of git pp').subarray(0, 16)).toString('hex')
}
