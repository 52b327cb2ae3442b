/** Reading keys and secrets in all their spellings, and their key ids. */
export { loadEd25519 } from './ed25519.ts'
export { keyidOf, publicKeyOf, readKey, secretOf, seedOf, spkiOf, wrongKeyMessage } from './keys.ts'
