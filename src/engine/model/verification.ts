// The types of `git-pp/verify`: they name no other package, so that whoever installs this one needs no other to compile.

/** What `verify` says of a commit → exit status. Best first: of several bundles on one commit the best one counts. */
export const STATUS_OF_WORD = {
  PROVED: 0,
  PROVED_SAME_TREES: 0,
  PROVED_UNSIGNED: 0,
  STABILIZED: 0,
  STABILIZED_SAME_TREES: 0,
  STABILIZED_UNSIGNED: 0,
  EXPIRED: 4,
  UNTRUSTED: 4,
  UNSIGNED: 4,
  INCONCLUSIVE: 6,
  NOT_A_PROOF: 1,
  POLICY_MISMATCH: 1,
  POLICY_VIOLATION: 1,
  STALE: 5,
  TAMPERED: 1,
  MALFORMED: 1,
  WRONG_COMMIT: 1,
  MISSING: 3,
} as const
export type VerificationVerdict = keyof typeof STATUS_OF_WORD

/** The words from best to worst. */
export const VERIFICATION_VERDICTS = Object.keys(STATUS_OF_WORD) as readonly VerificationVerdict[]

/** One named check; the first that fails gives the word. */
export interface Check {
  readonly check: string
  readonly ok: boolean
  readonly word: VerificationVerdict | null
  readonly detail: string
}

/** A signature that holds and that the verifier trusts. `commit`: what it was made for. */
export interface TrustedSignature {
  readonly role: 'prover' | 'endorser'
  readonly mode: string
  readonly name: string
  readonly key: string | null
  /** The key as the tool of its owner names it: `SHA256:…` for SSH, else the same as `key`. */
  readonly fingerprint: string | null
  readonly commit: string
}

/** What an attestation says of its signer before anybody checked it. `mode`, `key` null: it does not say. */
export interface ClaimedSignature {
  readonly role: 'prover' | 'endorser'
  readonly mode: string | null
  /** `SHA256:…` as ssh-keygen names it for SSH; else the hex id that stands in the envelope. */
  readonly key: string | null
}

/** What `verify` found for one commit or bundle. */
export interface Verification {
  readonly schemaVersion: 1
  readonly verdict: VerificationVerdict
  readonly reason: string
  /** What to type, where one line says it. */
  readonly mend: string | null
  /** The full id. */
  readonly commit: string | null
  readonly session: string | null
  readonly manifest: string | null
  readonly signatures: readonly TrustedSignature[]
  readonly checks: readonly Check[]
  /** What the answer does not say, and lines that were left out. */
  readonly cautions: readonly string[]
}
