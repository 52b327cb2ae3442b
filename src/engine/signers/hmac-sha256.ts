import { createHmac, timingSafeEqual } from 'node:crypto'
import { secretOf } from '../core/keys/index.ts'
import { PpError } from '../model/error.ts'
import type { SignerKind } from '../ports/signer.ts'

/** A shared secret: says "somebody who knows it", and whoever can verify can also sign. RFC 2104, FIPS 180-4. */
const hmacSha256: SignerKind = {
  kind: 'hmac-sha256',
  async signer(key) {
    const secret = secretOf(key)
    const keyid = keyidOf(secret)
    return { mode: 'hmac-sha256', keyid, fingerprint: keyid, sign: async (message) => mac(secret, message) }
  },
  async verifier(trust) {
    if (trust.mode !== 'hmac-sha256') throw new PpError('INTERNAL', `this is not a shared secret: ${trust.mode}`)
    const { secret, name } = trust
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

/** Tells secrets apart without telling of them. */
function keyidOf(secret: Uint8Array): string {
  return Buffer.from(mac(secret, 'key id of git pp').subarray(0, 16)).toString('hex')
}
