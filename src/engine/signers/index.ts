/** How proofs are signed and signatures checked; each file is one mode. */
export { findSigner, signers } from './index.generated.ts'
export { signerApart } from './lib/signer-apart.ts'
