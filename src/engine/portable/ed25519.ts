import { loadEd25519 } from '../core/keys/index.ts'

/** tweetnacl alone takes malleable signatures (S + L); WebCrypto refuses them. Both have to agree. */
export async function ed25519(publicKey: Uint8Array) {
  const sign = await loadEd25519()
  const raw = Uint8Array.from(publicKey)
  const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']).catch(() => null)
  return async (message: Uint8Array, signature: Uint8Array): Promise<boolean> => {
    if (signature.length !== 64 || key === null) return false
    const [signed, bytes] = [Uint8Array.from(message), Uint8Array.from(signature)]
    // The faster one first: a note may hold a thousand signatures that do not hold.
    if (!(await crypto.subtle.verify({ name: 'Ed25519' }, key, bytes, signed))) return false
    return sign.detached.verify(signed, bytes, raw)
  }
}
