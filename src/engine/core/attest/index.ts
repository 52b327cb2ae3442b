/** The attestation of a proof: in-toto statements, DSSE envelopes, and the trailer of a commit message that names a proof. */

export { claimedSignaturesOf, describeKey, readClaimedSignature } from './claimed-signatures.ts'
export {
  encodeEnvelope,
  type OpenedEnvelope,
  openEnvelope,
  preAuthenticationEncoding,
  signedMessageOf,
} from './dsse.ts'
export { readProofTrailer } from './proof-trailer.ts'
export { requestedTrailer, TRAILER_KEY } from './requested-trailer.ts'
export { environmentOf, firstContradiction, policyOf, statementOf } from './statement.ts'
