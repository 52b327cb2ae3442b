import { ed25519KeyId, ed25519PublicKey } from '../../core/keys/index.ts'
import { ed25519 } from '../ed25519.ts'
import type { PortableMode } from '../mode.ts'

/** RFC 8032, pure ed25519. */
export default {
  kind: 'ed25519',
  async verifier({ text, name }) {
    const publicKey = ed25519PublicKey({ text, origin: name, file: null })
    const holds = await ed25519(publicKey)
    const key = ed25519KeyId(publicKey)
    const by = { mode: 'ed25519', key, fingerprint: key, name } as const
    return { check: async (message, signature) => ((await holds(message, signature)) ? by : null) }
  },
} satisfies PortableMode
