import { loadEd25519 } from '../core/keys/index.ts'

/** tweetnacl alone takes malleable signatures (S + L); WebCrypto refuses them. Both have to agree. */
export async function ed25519(publicKey: Uint8Array) {
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
