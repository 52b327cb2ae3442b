/** SSH signatures and the list of allowed signers. */
export { allowedSigners, MOST_NAMES, principalOf, revokedKeys, whyNotNow } from './allowed-signers.ts'
export {
  armourSignature,
  ed25519Of,
  fingerprintOf,
  isCertificate,
  keyIdOfSshKey,
  NAMESPACE,
  publicKeyOf,
  readArmour,
  readSignature,
  signatureInput,
  wireKeyOf,
} from './sshsig.ts'
export { readTrustFile, trustedKey } from './trusted-keys.ts'
