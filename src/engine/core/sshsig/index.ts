/** SSH signatures and the list of allowed signers. */
export { allowedSigners, principalOf, revokedKeys, whyNotNow } from './allowed-signers.ts'
export {
  armour,
  ed25519Of,
  fingerprintOf,
  identityOf,
  isCertificate,
  NAMESPACE,
  publicKeyOf,
  readSignature,
  signedBy,
  unarmour,
  wireOf,
} from './sshsig.ts'
export { readTrustFile, trustedKey } from './trusted-keys.ts'
