/** Reading keys and secrets in all their spellings, and their key ids. */
export { loadEd25519 } from './ed25519.ts'
export {
  ed25519KeyId,
  ed25519PublicKey,
  ed25519Seed,
  ed25519Spki,
  keyIdOf,
  publicKeyType,
  readKey,
  secretOf,
  wrongKeyMessage,
} from './keys.ts'
