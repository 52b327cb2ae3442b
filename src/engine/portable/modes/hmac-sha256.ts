import { secretOf } from '../../core/keys/index.ts'
import type { PortableMode } from '../mode.ts'

/** A shared secret, RFC 2104. */
export default {
  kind: 'hmac-sha256',
  async verifier({ text, name }) {
    const secret = Uint8Array.from(secretOf({ text, origin: name, file: null }))
    const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
    const holds = (message: Uint8Array, signature: Uint8Array) =>
      crypto.subtle.verify('HMAC', key, Uint8Array.from(signature), Uint8Array.from(message))
    return {
      check: async (message, signature) =>
        (await holds(message, signature)) ? { mode: 'hmac-sha256', key: null, fingerprint: null, name } : null,
    }
  },
} satisfies PortableMode
