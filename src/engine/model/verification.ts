// The types of `git-pp/verify`. They use no other package, so that users of this package need no other one to compile.

/** What `verify` says of a commit → exit status. Best first: of several bundles on one commit the best one counts. */
export const STATUS_OF_WORD = {
  PROVED: 0,
  PROVED_SAME_TREES: 0,
  PROVED_UNSIGNED: 0,
  STABILIZED: 0,
  STABILIZED_SAME_TREES: 0,
  STABILIZED_UNSIGNED: 0,
  // 0 if the verifier accepts changes without a red: see statusOfVerification.
  PRESERVED: 1,
  PRESERVED_SAME_TREES: 1,
  PRESERVED_UNSIGNED: 1,
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

/** The verdicts from best to worst. */
export const VERIFICATION_VERDICTS = Object.keys(STATUS_OF_WORD) as readonly VerificationVerdict[]

/** One named check; the first check that fails gives the verdict. */
export interface Check {
  readonly check: string
  readonly ok: boolean
  readonly word: VerificationVerdict | null
  readonly detail: string
}

/** A valid signature of a trusted key. `commit`: the commit that it was made for. */
export interface TrustedSignature {
  readonly role: 'prover' | 'endorser'
  readonly mode: string
  readonly name: string
  readonly key: string | null
  /** The name of the key in its owner's tool: `SHA256:…` for SSH, otherwise the same as `key`. */
  readonly fingerprint: string | null
  readonly commit: string
}

/** What an attestation says about its signer before it is checked. `mode`, `key` null: it does not say. */
export interface ClaimedSignature {
  readonly role: 'prover' | 'endorser'
  readonly mode: string | null
  /** `SHA256:…` as ssh-keygen prints it for SSH; otherwise the hex id in the envelope. */
  readonly key: string | null
}

/** The result of `verify` for one commit or bundle. */
export interface Verification {
  readonly schemaVersion: 1
  readonly verdict: VerificationVerdict
  /** Only with the PRESERVED verdicts: whether the verifier accepts changes without a red. */
  readonly accepted?: boolean
  readonly reason: string
  /** What to type, if one line can say it. */
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

/** The exit status of a result. */
export function statusOfVerification({ verdict, accepted }: Pick<Verification, 'verdict' | 'accepted'>): number {
  return accepted === true ? 0 : STATUS_OF_WORD[verdict]
}
