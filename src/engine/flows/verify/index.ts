/** Checking a proof without running it. */

export type { CheckedProof } from './check-proof.ts'
export type { VerificationRules, VerifierPorts } from './proof-case.ts'
export { type GatePolicy, verifyOne } from './range.ts'
export { type NotesReader, noteLinesOn } from './read-notes.ts'
export {
  gatePolicyOf,
  TRUST_PATH,
  trustListOf,
  type VerificationSubject,
  type VerificationTerms,
  verificationSubjectOf,
  verifySubject,
  withCautions,
} from './verification-subject.ts'
export { verifyBundle } from './verify.ts'
