/** The attestation of a proof: in-toto statements, DSSE envelopes, and what a commit message announces of one. */
export { askedTrailer, TRAILER_KEY } from './asked-trailer.ts'
export { claimed, claimsOf, keyWords } from './claimed.ts'
export { encodeEnvelope, messageOf, type Opened, openEnvelope } from './dsse.ts'
export { contradiction, environmentOf, policyOf, statementOf } from './statement.ts'
export { announced } from './trailer.ts'
