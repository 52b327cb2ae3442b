/** Signing a proof. */
export { attest, attestationsOf, attestSession, isAbout } from './attest.ts'
